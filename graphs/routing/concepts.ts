import { lexicon } from './lexicon.ts'
import { stem } from './text.ts'

/**
 * Words that mean alike at a support desk, whatever the industry: what lets the classifier read a word that no
 * training sentence holds. A word may belong to several.
 */
export const concepts: Record<string, string> = {
  charge:
    'debt debts dunning dunned arrears proration surge charge charged charges charging fee fees surcharge surcharges levy levied debit debited debits deduct deducted deduction deductions bill billed overcharge overcharged markup commission commissions cost costs tariff overbilled withheld penalty penalties fine fined',
  invoice:
    'bill bills invoice invoices invoicing receipt receipts statement statements billing bil invoce payslip itemized itemised premium premiums dues',
  payment:
    'pay pays paid paying payment payments payable prepaid prepay repay remit remittance installment installments instalment instalments emi autopay payed',
  payway:
    'card cards visa mastercard amex paypal klarna applepay googlepay venmo upi wallet cheque check checks cash cod iban sepa giropay ideal maestro rupay netbanking paytm phonepe zelle ach voucher cvv afterpay affirm',
  money:
    'money cash amount amounts sum funds fund dollar dollars euro euros pound pounds cents quid bucks rupees rs usd eur gbp inr',
  bank: 'bank bank account banking transfer transfers transferred transferring wire deposit deposits deposited withdrawal withdrawals withdraw withdrew atm swift topup topups balance balances overdraft ledger credit credited credits payout payouts remittance transaction transactions txn',
  owed: 'due overdue owe owed owing outstanding arrears balance unpaid late collections',
  price:
    'price prices pricing priced expensive cheaper discount discounts promo rate rates quote cost costs tax taxes vat gst prorated tier tariff',
  plan: 'subscription subscriptions subscribe subscribed unsubscribe membership plan plans renewal renew renewed renewing autorenew auto-renewal trial upgrade downgrade package contract tariff policy premium',
  twice: 'twice double duplicate duplicated duplicates doubled again repeated',
  unknown:
    'unrecognized unrecognised unauthorized unauthorised unknown unfamiliar mysterious fraud fraudulent scam scammed stolen hacked suspicious dispute chargeback recognize recognise',
  cancel:
    'cancel cancelled canceled cancelling canceling cancellation terminate terminated termination end stop discontinue',
  refund:
    'refund refunds refunded refunding refundable reimburse reimbursed reimbursement reimbursements restitution moneyback rebate rebates compensate compensation compensated repayment recompense',
  giveback:
    'return returns returned returning returnable exchange exchanges exchanged exchanging exchangeable replace replaced replacing replacement replacements swap swapped swapping swop resend reship substitute',
  goods:
    'item items product products goods order orders ordered parcel parcels package packages box delivery delivered shipment purchase purchased purchases purchasing article merchandise mattress shoes shoe dress shirt tshirt jacket coat jeans trousers pants bag backpack suitcase sofa couch chair table lamp phone laptop headphones toy toys book books pillow pillows bed sheets blender kettle toaster vacuum fridge washer dryer furniture blanket duvet sweater hoodie boots sneakers trainers socks watch ring necklace earrings perfume cosmetics supplement supplements protein vitamins powder tablets bottle jar sunglasses glasses hat scarf belt wallet gloves swimsuit bikini blouse skirt suit grill tent bike bicycle scooter stroller rug curtain curtains mirror mug plates cutlery pan pot knife case charger cable zip zipper strap lens screen button seam sole fabric handle lid buckle',
  damaged:
    'crushed snapped expired spoiled mouldy scuffed pieces damaged damage broken broke cracked crack defective defect defects faulty fault torn ripped rip scratched scratch dented dent shattered smashed leaking leaked leaks stained stain spoiled spoilt rotten expired melted crushed chipped bent squashed used dirty fake counterfeit poor quality',
  wrongitem:
    'wrong incorrect different mistaken missing incomplete absent size colour color small large big tight loose fit fits fitting model',
  sendback:
    'send sent back ship shipped shipping courier pickup collect collected collection drop dropoff label labels rma post mailed mail postage packaging',
  guarantee:
    'warranty warranties guarantee guaranteed guarantees trial nights night policy policies terms conditions window period eligible eligibility',
  account:
    'account accounts profile user username login logins id signin registration register registered registering signup signups enroll enrolled enrol enrolment portal dashboard',
  secret:
    'password passwords passcode passcodes pin pins pass passphrase otp code codes key keys credentials 2fa mfa authentication authenticator verification captcha token puk fingerprint faceid biometric login logout username',
  access:
    'access enter unlock unlocked locked lock lockout blocked block unblock forgot forgotten forget remember lost recover recovery retrieve restore reset resetting change verify verified verifying confirm confirmation validate authenticate activate activated activation reactivate deactivated disabled suspended',
  fail: 'error errors bug bugs bugging glitch glitches glitching glitchy crash crashes crashed crashing freeze freezes frozen freezing hang hangs hanging stuck fail fails failed failing failure broken unresponsive lag lags lagging laggy slow buffering buffer buffers offline down outage disconnect disconnects disconnected disconnecting drop drops dropping dropped dead blank loading load loads flicker flickering flashing malfunction malfunctioning overheating overheats rebooting restarts reboots unable dies died noise grinding beeping buzzing blinking dark bars jam jammed throws stalls stutters timeout unreachable rejects rejected refused greyed working work works respond responding issue issues problem problems trouble bricked 404 500 503',
  digital:
    'webshop launcher addin zoom outlook excel word chrome teams slack driver app apps application site website webpage page portal software program browser chrome safari firefox edge cart basket checkout link button form screen dashboard platform system server api plugin extension widget download install installation installing installed uninstall reinstall update updates updating upgrade firmware version feature settings setting configuration configure notification notifications file files upload uploading sync syncing synced backup printing email inbox spam',
  device:
    'decoder extender esim e-sim fiber projector drone soundbar router modem wifi internet broadband network signal connection connectivity bluetooth ethernet lan vpn hotspot sim esim phone smartphone iphone android tablet ipad laptop macbook pc computer desktop printer scanner tv television remote speaker speakers headset headphones earbuds earphones camera webcam doorbell thermostat hub console controller xbox playstation switch watch smartwatch tracker charger battery device devices keyboard mouse monitor screen touchscreen display microphone mic audio sound video stream streaming decoder receiver box antenna dish landline dialtone meter drone sensor lock bulb vacuum hardware usb hdmi windows mac ios linux roku firestick chromecast alexa pair pairing paired',
  human:
    'human humans agent agents operator operators representative representatives rep reps advisor adviser advisors consultant supervisor supervisors manager managers assistant assistants person persons someone somebody anyone anybody executive associate staff employee colleague colleagues soul attendant clerk people live real helpline hotline callback receptionist personnel specialist',
  contact:
    'talk talking speak speaking chat chatting call calling phone telephone contact contacting connect reach transfer transferred ring dial word line escalate escalated hear hello',
  bot: 'bot bots robot robots machine ai chatbot automated computer virtual',
  food: 'recipe recipes cook cooking bake baking boil boiled fry fried grill roast oven ingredients ingredient calories calorie meal meals dinner lunch breakfast brunch snack eat eating ate food foods restaurant restaurants pizza pasta chicken beef pork fish salmon rice soup salad bread cake cookies chocolate cheese egg eggs milk sugar salt butter flour coffee tea wine beer vegan vegetarian sauce sushi burger tacos nutrition carbs protein fat freezer fridge bbq curry noodles vegetable vegetables fruit apple banana tomato onion garlic potato potatoes steak turkey lasagna',
  weather:
    'weather rain raining rainy snow snowing sunny forecast temperature humid humidity wind windy storm hurricane tornado celsius fahrenheit degrees umbrella cloudy fog hot cold',
  travel:
    'flight flights fly airline airlines airport hotel hotels motel visa passport vacation holiday trip travel travelling traveling tourist tourism luggage suitcase rental train bus taxi uber lyft cab cruise beach museum itinerary boarding reservation reservations sightseeing hike hiking mountains island vaccination vaccines hostel airbnb resort ferry',
  trivia:
    'president king queen emperor prime minister capital country countries population history war invented inventor discovered who born died actor actress movie movies film films singer band song songs album novel author poem planet planets moon sun star stars galaxy dinosaur animal animals elephant shark whale cat cats dog dogs fact facts century ancient language languages philosophy meaning definition define synonym tallest largest biggest smallest fastest oldest highest longest deepest',
  math: 'plus minus times divided multiply multiplied square root percent sum equals calculate convert kilometers miles inches feet meters kilos kilograms grams ounces liters gallons cups teaspoons',
  diary:
    'alarm alarms timer timers reminder reminders remind calendar meeting meetings appointment appointments schedule todo list lists event events birthday clock timezone oclock tomorrow today tonight date',
  play: 'joke jokes funny sing song songs music playlist playlists track album play shuffle volume radio podcast podcasts audiobook game games riddle story coin dice roll trivia',
  sport:
    'football soccer basketball baseball tennis golf cricket rugby hockey nba nfl mlb fifa olympics match score scored team teams league champion championship playoffs super bowl player players coach tournament marathon',
  home: 'lights light lamp thermostat heating kitchen bedroom garage vacuum plant plants garden lawn drain clean cleaning stain laundry paint wall carpet oil tire tires engine car cars vehicle battery mpg gas gasoline mileage brakes traffic directions route highway',
  body: 'health doctor medicine headache fever flu symptoms disease vitamin weight exercise workout muscle sleep diet pregnant baby allergy dentist hospital vaccine yoga cough pain',
  life: 'love boyfriend girlfriend husband wife dating married marriage friend friends mom dad mother father kids children school college university homework essay exam career job jobs resume salary stock stocks invest investing investment bitcoin crypto mortgage politics election vote religion god astrology horoscope dream dreams meaning life happy sad bored lonely',
  self: 'your you yourself name old age hobbies favorite favourite made created born siri alexa google chatgpt',
}

/** The concepts that a desk deals with; the rest tell what it does not. */
export const deskConcepts: ReadonlySet<string> = new Set(
  'charge invoice payment payway money bank owed price plan reward income twice unknown cancel refund giveback goods household consumable damaged wrongitem sendback guarantee account secret access fail digital device human contact bot utility claim'.split(
    ' ',
  ),
)

const byStem = new Map<string, string[]>()
const byDeletion = new Map<string, string>()

function deletions(word: string): string[] {
  return Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))
}

for (const [name, list] of [...Object.entries(concepts), ...Object.entries(lexicon)]) {
  for (const word of new Set(list.split(' '))) {
    const key = stem(word)
    const names = byStem.get(key) ?? []
    if (!names.includes(name)) names.push(name)
    byStem.set(key, names)
    if (word.length >= 6)
      for (const rest of [word, ...deletions(word)]) if (!byDeletion.has(rest)) byDeletion.set(rest, word)
  }
}

/** The concepts of a lower-case word; empty when it has none. */
export function conceptsOf(word: string): readonly string[] {
  return byStem.get(stem(word)) ?? []
}

/**
 * The concept word one slip away from a mistyped one (a letter too many, too few, swapped or replaced; words of six
 * letters and more), by the symmetric deletion index of SymSpell (Wolf Garbe 2012).
 */
export function unslip(word: string): string | undefined {
  if (word.length < 6) return undefined
  const direct = byDeletion.get(word)
  if (direct) return direct
  for (const rest of deletions(word)) {
    const near = byDeletion.get(rest)
    if (near && Math.abs(near.length - word.length) <= 1) return near
  }
  return undefined
}
