/** A customer's message at a specialist's desk, and the tool that has to be called first; null where an article answers. */
export interface ToolPhrasing {
  at: 'billing' | 'returns' | 'tech-support'
  text: string
  tool: string | null
}

function phrasings(at: ToolPhrasing['at'], tool: string | null, texts: string): ToolPhrasing[] {
  return texts
    .trim()
    .split('\n')
    .map((text) => ({ at, tool, text: text.trim() }))
}

/** Written before any of them was tried. */
export const ACTING: ToolPhrasing[] = [
  ...phrasings(
    'billing',
    'list_charges',
    `
    I was charged twice for my subscription this month
    why did you take money from my account twice
    there are two identical charges on my card
    You billed me 7.90 two times in November!
    What was I charged for last month?
    show me my recent payments
    can you look at my charges please
    I got billed double for Larkfield Plus
    `,
  ),
  ...phrasings(
    'billing',
    'refund_charge',
    `
    Please refund the second charge
    I want my money back for that charge
    can you refund the 7.90 from yesterday
    refund ch_1
    I would like a refund of my last payment
    give me back the money you took by mistake
    reimburse me for the duplicate payment please
    `,
  ),
  ...phrasings(
    'billing',
    'cancel_subscription',
    `
    cancel my subscription
    Please cancel my Larkfield Plus membership
    I'd like to end my Porch Cloud plan
    could you cancel Larkfield Care for me?
    I want to cancel Plus
    stop my subscription right now
    terminate my membership please
    I don't use it any more, please cancel my subscription.
    `,
  ),
  ...phrasings(
    'billing',
    'list_subscriptions',
    `
    which subscriptions do I have
    when does my subscription renew
    what am I subscribed to?
    is my Larkfield Plus still active
    show my subscriptions
    `,
  ),
  ...phrasings(
    'billing',
    'list_invoices',
    `
    send me my last invoice
    show me my invoices please
    I need my invoice for October
    can you get me the receipt for my last order
    `,
  ),
  ...phrasings(
    'returns',
    'find_orders',
    `
    where is my order LF-10234
    Where's my parcel?
    show me my orders
    what is the status of my order
    has my order shipped yet?
    can you track order LF-10234 for me
    when will my package arrive
    `,
  ),
  ...phrasings(
    'returns',
    'check_return',
    `
    can I still return the jacket I bought
    can I send back order LF-10234
    is it too late to return my tent
    the zipper came broken, can I send it back
    am I still able to return my backpack?
    check whether I can return the headphones from LF-10234
    `,
  ),
  ...phrasings(
    'returns',
    'create_return',
    `
    I want to return my jacket
    I'd like to send the tent back
    please make me a return label for LF-10234
    return the backpack, it does not fit
    I need a return label for the speaker
    I would like to return order LF-10234
    start a return for the boots please
    The mug arrived in pieces and I want to return it
    `,
  ),
  ...phrasings(
    'returns',
    'exchange_item',
    `
    exchange my jacket for a size L
    I want to swap the blue backpack for a green one
    can you exchange the boots for a bigger size?
    please change it for another colour: I want to exchange the duffel
    I'd like to exchange the shirt from LF-10234 for an M
    `,
  ),
  ...phrasings(
    'returns',
    'cancel_order',
    `
    cancel my order
    please cancel order LF-10234
    I changed my mind about the order, please cancel it
    can you stop my order before it ships
    I want to cancel the order I placed today
    `,
  ),
  ...phrasings(
    'returns',
    'list_variants',
    `
    which other colours does my backpack come in
    what sizes do you have of my jacket
    is my jacket available in green
    `,
  ),
  ...phrasings(
    'tech-support',
    'run_diagnostics',
    `
    my router keeps dropping the wifi
    my porch cam is offline
    can you check my router
    please run a diagnosis of my camera
    is something wrong with my tablet? can you test it
    my headphones stopped working
    what is wrong with my router
    `,
  ),
  ...phrasings(
    'tech-support',
    'reset_device',
    `
    reset my router
    please reset my camera for me
    can you reset the Mesh 6 remotely
    I want you to factory reset my tablet
    go ahead and reset the speaker please
    `,
  ),
  ...phrasings(
    'tech-support',
    'list_devices',
    `
    which devices do I have
    show me my devices
    what devices are registered to my account
    is the firmware of my devices up to date
    `,
  ),
  ...phrasings(
    'tech-support',
    'check_service_status',
    `
    is there an outage
    is Porch Cloud down right now?
    are your servers down
    are there any known disruptions today
    is the service down at the moment
    `,
  ),
  ...phrasings(
    'tech-support',
    'open_ticket',
    `
    open a ticket about my router
    please create a support ticket
    can you file a case for the camera problem
    I want to open a support case
    `,
  ),
]

/** Written before any of them was tried. */
export const READING: ToolPhrasing[] = [
  ...phrasings(
    'billing',
    null,
    `
    how long does a refund take
    how do I cancel my subscription
    how can I get a refund
    what is the cancellation fee
    what does Larkfield Care cost
    when will my refund arrive in my account
    which payment methods do you accept
    my card was declined
    can I pay in instalments
    how do I change the card you charge
    what happens to my recordings when I cancel Porch Cloud
    do you refund annual plans
    is there a fee for cancelling
    where can I download my invoice
    what is the difference between Plus and Care
    can I cancel at any time
    why is there a card fee
    the promo code did not work
    I do not want to cancel my subscription, I only have a question about it
    how much is the monthly price of Porch Cloud
    what is your refund policy
    do I get money back if I cancel my yearly plan early
    how do refunds work
    does cancelling my subscription delete my account
    how do I put a VAT number on my invoice
    `,
  ),
  ...phrasings(
    'returns',
    null,
    `
    what is your return policy
    how do I print a return label
    how long does a refund take after you get it back
    do I need the original box to return it
    where do I send the exchange
    how long do I have to return something
    who pays for return shipping
    how much does a return label cost
    can sale items be returned
    what if my return is lost in the mail
    is opened electronics returnable
    how do I exchange an item for another size
    do you offer free returns
    how can I cancel an order
    until when can orders be cancelled
    what is covered by the warranty
    what are the exceptions to the return policy
    do I have to pay for an exchange
    how does tracking work
    can I return a gift without a receipt
    what happens after I send a return
    the label will not print
    how many days does delivery take
    is express delivery free with Plus
    `,
  ),
  ...phrasings(
    'tech-support',
    null,
    `
    how do I reset my router
    how do I reset my password
    I cannot sign in to my account
    the app crashes when I open it
    what does a reset erase
    what is the difference between a restart and a reset
    how do I connect the speaker to my phone
    what does the amber light mean
    will a reset delete my photos
    the verification code never arrives
    how do I find the serial number
    where do I see the firmware version
    reset my password
    how far can a satellite be from the router
    does the smart plug work with 5 GHz
    how do I set up my new camera
    can two phones use the headphones at once
    what should I do before I reset the tablet
    is the router waterproof
    the website shows an error at checkout
    why does my battery drain so fast
    how long does a firmware update take
    my account is locked
    I do not want to reset my router
    `,
  ),
]
