import { defineSpecialist } from '../specialist.ts'
import { listCharges } from '../tools/charges.ts'
import { listInvoices } from '../tools/invoices.ts'
import { cancelOrder, findOrders } from '../tools/orders.ts'
import { refundCharge } from '../tools/refunds.ts'
import { cancelSubscription, listSubscriptions } from '../tools/subscriptions.ts'

export default defineSpecialist({
  name: 'billing',
  description: 'Charges, invoices, payments, payment methods, subscriptions and their prices, and when money moves.',
  examples: [
    'I was charged twice for my subscription this month',
    'why is my bill higher than last month',
    'where can I download my invoice',
    'my card was declined',
    'cancel my subscription',
    'how do I change the card you charge',
    'what is this charge on my statement',
    'when will my refund arrive in my account',
    'what do I owe this month',
    'there is a payment I did not make',
    'my payment failed but the money is gone',
    'which payment methods do you accept',
    'I was billed after I cancelled',
    'what is the cancellation fee',
    'can I pay in instalments',
    'please send me the receipt again',
    'move me to the yearly plan',
    'how do I cancel Larkfield Plus',
    'what does Larkfield Care cost',
    'what is the monthly price of Porch Cloud',
    'refund the second charge',
    'show me my latest charges',
  ],
  knowledge: ['billing', 'shared'],
  systemPrompt: `You answer questions about charges, invoices, payments and subscriptions.
Name the amount, the date and the document a customer should look at whenever the passages give them.
Never guess why a charge was made: say what can cause it and how the customer can see which it was.
Look at the customer's own charges before you explain one; refund what was taken by mistake.`,
  tools: (systems) => [
    listCharges(systems),
    refundCharge(systems),
    listInvoices(systems),
    listSubscriptions(systems),
    cancelSubscription(systems),
    findOrders(systems),
    cancelOrder(systems),
  ],
})
