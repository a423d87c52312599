import { defineSpecialist } from '../specialist.ts'
import { exchangeItem, listVariants } from '../tools/exchanges.ts'
import { cancelOrder, findOrders } from '../tools/orders.ts'
import { refundCharge } from '../tools/refunds.ts'
import { checkReturn, createReturn } from '../tools/returns.ts'

export default defineSpecialist({
  name: 'returns',
  description:
    'Sending goods back: returns, exchanges, refunds of goods, wrong, damaged or faulty items, and warranty.',
  examples: [
    'the zipper came broken, can I send it back',
    'I want to return my order',
    'you sent me the wrong size',
    'can I exchange this for another colour',
    'what is your return policy',
    'how do I print a return label',
    'the item arrived damaged',
    'is it too late to send this back',
    'I want my money back for this bag',
    'one item is missing from the parcel',
    'it does not fit, I need a bigger size',
    'how long does a refund take after you get it back',
    'the strap tore after a week, is that covered',
    'I changed my mind about the order, please cancel it',
    'this is not the one I ordered',
    'do I need the original box to return it',
    'where do I send the exchange',
    'cancel my order LF-10234 before it is sent',
    'register the return of my headphones',
  ],
  knowledge: ['returns', 'shared'],
  systemPrompt: `You help customers send goods back or exchange them.
Say first whether it can be returned and until when, then the steps in their order, then when the money comes back.
A customer with a broken or wrong item has had bad luck with us: one short word of regret, then the way out.
Look at the customer's own order before you say what applies to it.`,
  tools: (systems) => [
    findOrders(systems),
    checkReturn(systems),
    createReturn(systems),
    listVariants(systems),
    exchangeItem(systems),
    cancelOrder(systems),
    refundCharge(systems),
  ],
})
