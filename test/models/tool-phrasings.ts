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

/**
 * Three lots, each written before any of it was tried. Of what acts, 79 of 91, 25 of 47 and 28 of 40 were read right at
 * first sight, and the examples of the tools were widened after each; of what only reads, 71 of 73, 40 of 41, 29 of 30.
 */
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
  ...phrasings(
    'billing',
    'list_charges',
    `
    Hey, my card got hit two times for the same membership
    I can see 7.90 twice on my bank statement
    you double charged me
    what did you charge me for this month?
    can you check my last payments
    why has my account been debited twice
    hello, there is a double payment for my Plus membership
    please look into my charges, something is wrong
    show me everything I was charged in October
    `,
  ),
  ...phrasings(
    'billing',
    'refund_charge',
    `
    I need you to refund the duplicate
    please give me the money back for the second one
    refund 3.90 to my card
    I want to be reimbursed for the wrong charge
    could I have a refund for the last charge
    please refund me the double payment
    refund the Porch Cloud charge please
    `,
  ),
  ...phrasings(
    'billing',
    'cancel_subscription',
    `
    get rid of my subscription
    please end my Larkfield Plus now
    I no longer need Porch Cloud, cancel it
    Could you please terminate my plan?
    I wish to cancel my yearly plan
    please stop charging me and cancel Larkfield Care
    cancel Porch Cloud for me
    I am moving abroad, please end my membership
    `,
  ),
  ...phrasings(
    'billing',
    'list_subscriptions',
    `
    do I have any active subscriptions
    until when is my Plus paid
    what subscriptions are there on my account
    `,
  ),
  ...phrasings(
    'billing',
    'list_invoices',
    `
    could you show me my bills
    I lost my invoice, please send it again
    please email me my September invoice
    `,
  ),
  ...phrasings(
    'billing',
    'find_orders',
    `
    where is order LF-10633
    can you tell me where my parcel is
    `,
  ),
  ...phrasings(
    'returns',
    'find_orders',
    `
    any news on my package?
    did you ship my order already
    what is happening with LF-10520
    where is my jacket? order LF-10527
    my order should have been here yesterday, where is it
    is LF-10633 on its way
    `,
  ),
  ...phrasings(
    'returns',
    'check_return',
    `
    may I still send the backpack back
    is it still possible to return my duffel
    `,
  ),
  ...phrasings(
    'returns',
    'create_return',
    `
    I would like to give the tablet back
    help me return the rain jacket
    send me a return label please
    the tent leaks, I want to send it back
    please return my power bank from LF-10520
    the speaker is faulty and I want to return it
    I want to send back the headphones
    can you make a return label for my jacket
    `,
  ),
  ...phrasings(
    'returns',
    'exchange_item',
    `
    please swap my jacket for L
    I would rather have the green one, can you exchange it
    can I swap this jacket for a larger one
    I want to exchange my jacket for a bigger one
    please exchange the duffel for the green one
    the jacket is too tight, can you swap it for size L
    `,
  ),
  ...phrasings(
    'returns',
    'cancel_order',
    `
    do not ship my order, I want to cancel it
    please call off order LF-10633
    I ordered by mistake, cancel the order please
    please cancel my latest order
    cancel LF-10633
    `,
  ),
  ...phrasings(
    'returns',
    'list_variants',
    `
    does my jacket come in other colours
    in which colours do you have my duffel
    `,
  ),
  ...phrasings(
    'tech-support',
    'run_diagnostics',
    `
    my mesh loses the internet all the time
    my camera will not connect any more
    could you run a check on my router
    my tablet keeps freezing
    my wifi is terrible today
    the wifi from my router drops every ten minutes
    my porch cam went offline this morning
    can you find out what is wrong with my headphones
    please test my smart plug
    `,
  ),
  ...phrasings(
    'tech-support',
    'reset_device',
    `
    please do a factory reset of my router
    can you restart and reset my camera
    I want my router reset
    please reset my headphones
    can you reset my router from there
    `,
  ),
  ...phrasings(
    'tech-support',
    'list_devices',
    `
    what devices are on my account
    list all my devices please
    `,
  ),
  ...phrasings(
    'tech-support',
    'check_service_status',
    `
    is everything up on your side
    is Porch Cloud having an outage
    `,
  ),
  ...phrasings(
    'tech-support',
    'open_ticket',
    `
    please open a case for me
    I would like to open a ticket
    `,
  ),
]

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
  ...phrasings(
    'billing',
    null,
    `
    how do I get my money back
    when is a subscription renewed
    can I pause my subscription
    what is Larkfield Plus
    is there a student discount
    do you charge for delivery
    I have a question about my bill
    how do I change from monthly to yearly
    which cards can I use
    do refunds go to the same card
    my payment was declined
    what if my card has expired
    does Plus include Porch Cloud
    how can I see my invoices
    how long until my refund is on my card
    is there a cancellation period
    what is this LARKFIELD*PORCH on statements
    can I get an invoice without VAT
    how do I update my billing address
    I want to pay by PayPal
    does a price increase apply to existing members
    can you explain how pro rata refunds work
    who can I contact about fraud
    will I be charged after the trial
    I do not want a refund, just an explanation
    `,
  ),
  ...phrasings(
    'returns',
    null,
    `
    how many days do I have to send something back
    what is the return window with Plus
    can I return worn shoes
    where can I drop off my parcel
    do you pick up returns
    how long does an exchange take
    what happens if my parcel gets lost
    are engraved items returnable
    do I get the delivery fee back
    is the return label free
    can I change the address of my order
    how do I claim warranty
    my return label has expired
    I never got a refund for my return
    what condition must the item be in
    do you accept returns from Switzerland
    how do I pack the parcel
    is it free to exchange for another size
    when do I get my money after a return
    are opened headphones accepted
    what does the warranty not cover
    what is the difference between exchange and return
    can I return several orders in one parcel
    I already returned the item, when will I hear back
    `,
  ),
  ...phrasings(
    'tech-support',
    null,
    `
    how do I restart the router
    where is the reset button
    what do I lose if I reset the camera
    how can I improve my wifi
    I forgot my password
    do I need an account for the camera
    can I use the router without the app
    the app will not install
    what is the range of bluetooth
    how do I open a ticket
    which firmware is the newest
    is my data erased when I reset the tablet
    how do I check the status of your services
    how do I pair two phones
    what does error F-02 mean
    can I use the camera outdoors in winter
    how long does the battery last
    is there a way to back up my router settings
    do I lose my recordings after a reset
    where do I find the app version
    I do not get the two-step code
    why should I update the firmware
    `,
  ),
]

/** Known misses: an article answers, where something could have been done. They fail here once they hit. */
export const MISSED: ToolPhrasing[] = [
  ...phrasings(
    'returns',
    'check_return',
    `
    is the power bank still returnable
    can the headphones from my last order go back
    can I still give back my headphones
    `,
  ),
  ...phrasings(
    'tech-support',
    'check_service_status',
    `
    do you have an outage at the moment
    `,
  ),
  ...phrasings(
    'billing',
    'refund_charge',
    `
    I would like my 7.90 back
    `,
  ),
  ...phrasings(
    'billing',
    'list_subscriptions',
    `
    when is Porch Cloud renewed on my account
    `,
  ),
]
