/** What fills the braces of the training patterns: invented names, and things of every industry that has a desk. */
export const slots: Record<string, readonly string[]> = {
  goods: [
    '(mattress|sofa|couch|armchair|lamp|desk|bed frame|bookshelf|rug)',
    '(shoes|boots|sneakers|dress|jacket|jeans|shirt|sweater|coat|hoodie|hat|swimsuit)',
    '(backpack|suitcase|handbag|wallet|watch|necklace|ring|sunglasses)',
    '(phone|laptop|tablet|headphones|earbuds|camera|monitor|keyboard|speaker|charger)',
    '(blender|kettle|toaster|vacuum cleaner|coffee machine|fridge|washing machine|air fryer|grill)',
    '(protein powder|vitamins|face cream|perfume|shampoo|dog food|supplements)',
    '(toy|book|stroller|bike|helmet|tent|guitar|car seat|puzzle|tools|power drill)',
    '(item|items|product|products|order|package|parcel|purchase|thing i bought|stuff i ordered|article)',
  ],
  plan: [
    '(subscription|membership|plan|package|premium plan|annual plan|free trial|contract|account|policy|pass)',
    '(phone|mobile|internet|broadband|cable|tv|data|energy) (plan|contract|service|package)',
    '(streaming|music|gaming|gym|cloud storage|software|newspaper|magazine|meal kit) (subscription|membership)',
    '(car|home|health|travel|pet|life|dental) insurance',
    '{brand} (subscription|membership|plan|premium)',
  ],
  bill: [
    '(bill|invoice|statement|receipt|tax invoice|billing statement|monthly bill)',
    '(phone|mobile|cell phone|internet|cable|wifi|tv|landline|broadband) bill',
    '(electric|electricity|water|gas|power|energy|utility|heating|trash|sewer) bill',
    '(credit card|card|insurance|hospital|medical|rent|gym|store card|car) (bill|statement|payment)',
    '{brand} (bill|invoice|statement)',
  ],
  fee: [
    '(late|service|activation|maintenance|processing|admin|booking|delivery|shipping|convenience|setup|installation|roaming|overage|overdraft|cancellation|early termination|withdrawal|atm|foreign transaction|conversion|exchange|transfer|annual|monthly|card|top up|inactivity|platform|handling|restocking|reconnection) (fee|charge)',
    '(fee|charge|extra charge|additional fee|extra fee|hidden charge|surcharge|penalty|commission)',
  ],
  money: [
    '($|£|€)(5|9.99|12|19|25|40|49.99|75|120|350|800)',
    '(10|20|35|50|100|250|500|1000) (dollars|pounds|euros|rupees|bucks)',
  ],
  paidwith: [
    '(card|credit card|debit card|visa|mastercard|american express|prepaid card|gift card|bank card)',
    '(paypal|apple pay|google pay|klarna|upi|net banking|wallet|direct debit|bank transfer|cheque|cash|cash on delivery|check)',
  ],
  brand: [
    '(Nordwave|Zelby|Omnifix|Quorra|Helio|Bluepeak|Vantix|Corvo|Lumenta|Paxel|Tresk|Moodle Bay|Skylark|Fennimore|Oakridge)',
  ],
  person: [
    '(mr|mrs|ms|dr) (Keller|Okafor|Ruiz|Tanaka|Lindqvist|Patel|Novak|Brennan)',
    '(Amelia|Tariq|Jonas|Priya|Carlos|Mei|Olga|Samuel) (Hart|Vance|Moreau|Silva|Cole|Ito)',
  ],
  code: ['(#|)(10482|778120|55310|90021|4471|200834)', '(ORD|INV|A|TK|REF|CN)-(1042|88213|7005|31977|4410)'],
  when: [
    '(today|yesterday|last week|last night|last month|this month|this morning|two days ago|a week ago|on monday|since friday|3 weeks ago|in march)',
  ],
  period: [
    '(this month|last month|this week|this year|february|march|june|october|the last quarter|the previous month)',
  ],
  device: [
    '(router|modem|wifi|internet|broadband|connection|network|hotspot|sim card|signal|mobile data|landline|ethernet)',
    '(phone|laptop|tablet|computer|printer|tv|smart tv|set top box|console|speaker|headset|earbuds|smartwatch|camera|doorbell|thermostat|remote|keyboard|mouse|monitor|microphone|scanner|tracker|vr headset|card reader)',
    '(bluetooth|touchscreen|screen|battery|charging port|webcam|hub|smart lock|robot vacuum|sound bar|receiver|decoder)',
  ],
  digital: [
    '(app|mobile app|website|site|web page|portal|software|program|page|checkout|cart|shopping cart|dashboard|online store|player|game|client|plugin|browser extension)',
    '{brand} (app|website|portal|software|player|launcher)',
  ],
  secret: [
    '(password|passcode|pin|pin code|pin number|login|username|user name|security code|access code|passphrase|security question|login details|credentials|access key)',
  ],
  account: [
    '(account|profile|user account|user profile|online account|login|{brand} account|email account|member account|online banking)',
  ],
  food: [
    '(lasagna|pancakes|chicken soup|risotto|sourdough bread|tacos|apple pie|curry|salmon|scrambled eggs|sushi|meatballs|brownies|ramen|chili|hummus|waffles|beef stew|rice|pasta|steak|broccoli|quinoa|turkey)',
  ],
  city: [
    '(paris|rome|lisbon|denver|seattle|tokyo|berlin|miami|dublin|mumbai|toronto|oslo|chicago|vienna|sydney|cairo|madrid|nashville|bangkok|prague)',
  ],
  country: [
    '(japan|brazil|norway|egypt|kenya|peru|thailand|canada|portugal|vietnam|india|mexico|turkey|poland|chile|greece)',
  ],
  animal: ['(elephant|octopus|penguin|giraffe|wolf|whale|bee|koala|cat|dog|parrot|shark|tiger|horse|spider|turtle)s'],
  famous: [
    '(einstein|napoleon|shakespeare|cleopatra|mozart|marie curie|picasso|lincoln|beethoven|gandhi|columbus|darwin|van gogh|churchill|mandela|michael jackson|taylor swift|messi|tom hanks)',
  ],
  day: [
    '(today|tomorrow|on friday|this weekend|next week|tonight|on saturday|the day after tomorrow|next tuesday|sunday morning)',
  ],
  clock: ['(7 am|6:30 pm|noon|5 o clock|8 tomorrow morning|half past nine|10 in the evening|quarter to three)'],
  math: [
    '(12 plus 30|5 times 8|15 percent of 60|the square root of 81|100 divided by 4|7 squared|9 minus 2|30 percent off 120|half of 250|two thirds of 90)',
  ],
  agent: [
    '(human|person|agent|operator|representative|rep|real person|live agent|human agent|real human|live person|human being|actual person|customer service agent|customer service representative|support agent|advisor|adviser|assistant|live operator|human operator|staff member|team member|consultant|live representative|support rep|service rep|customer care executive|associate|specialist)',
    '(supervisor|manager|your manager|your supervisor|your boss|someone in charge|someone senior|team leader|customer service|customer support|customer care|support team|the support team|your support staff|the help desk|call center agent)',
  ],
}
