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
  first: [
    '(john|ashley|robert|mary|david|linda|james|sarah|ahmed|fatima|wei|yuki|ravi|anita|pedro|lucia|ivan|elena|kofi|amara|lars|ingrid|marco|giulia|chris|alan|megan|tyler|kim|jose|maria|hassan|leila|deepak|sunita|tom|emma|noah|grace|victor|nina)',
  ],
  last: [
    '(smith|johnson|williams|brown|garcia|miller|davis|martinez|lopez|wilson|anderson|thomas|taylor|moore|jackson|lee|perez|white|harris|clark|kumar|singh|sharma|khan|nguyen|chen|wang|kim|park|mueller|rossi|costa|fernandes|murphy|kelly|hilton|parker|reed|cook|morgan|bell)',
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
  noun: [
    '(router|internet|wifi|bluetooth|computer|smartphone|laser|printer|battery|microchip|satellite|telephone|television|camera|keyboard|email|password|blockchain|algorithm|robot|software|operating system|search engine|barcode|credit card|bank|check|mortgage|tax|inflation|interest rate|stock|currency|insurance|warranty|loan|dividend|budget|pension|android phone|iphone|video game console)',
    '(wireless headphone|electric car|hybrid car|gaming laptop|network|gallon of milk|delivery service|screen|website|contract|debit card|hidden fee|mattress|running shoe|wedding dress|leather jacket|police report|gift|magazine|newspaper|podcast|charity|startup|factory|warehouse|courier|passport|visa|stamp|coin|ticket|receipt|tip|scam|refrigerator|microwave|dishwasher|lamp|sofa|carpet|fence|shovel|ladder|hammer|rope|candle|balloon|flag|medal|trophy|puzzle|doll|kite|drum|flute|harp|banjo|saxophone)',
    '(school|college degree|student loan|scholarship|kindergarten|exam|essay|library|museum|stadium|theater|prison|court|embassy|hospital|pharmacy|clinic|gym|bakery|farm|vineyard|harbor|airport|train station|subway|highway|parking lot|elevator|neighborhood|village|suburb|island|beach|forest|swamp|cave|cliff|meadow|orchard)',
    '(baby|toddler|teenager|grandparent|twin|cousin|neighbor|roommate|boss|coworker|celebrity|actor|singer|rapper|dancer|comedian|athlete|quarterback|goalkeeper|referee|coach|gymnast|boxer|sprinter|puppy|kitten|hamster|goldfish|rabbit|squirrel|raccoon|deer|moose|bear|fox|owl|pigeon|swan|duck|chicken|cow|pig|goat|sheep|llama|camel|lizard|snake|frog|ant|wasp|worm)',
    '(headache|fever|allergy|broken bone|sunburn|blister|wrinkle|pimple|tattoo|haircut|beard|eyebrow|tooth|tongue|elbow|knee|shoulder|stomach|lung|bone|nerve|hormone|antibiotic|vaccine|pill|diet|calorie|nap|dream|memory|emotion|personality|habit|hobby)',
    '(bridge|castle|pyramid|volcano|glacier|desert|rainforest|river|comet|black hole|eclipse|rainbow|thunderstorm|earthquake|tornado|coral reef|waterfall|canyon|lighthouse|cathedral|skyscraper|tunnel|submarine|airplane|helicopter|sailboat|steam engine|bicycle|compass|clock|calendar|umbrella|violin|guitar|piano|trumpet|opera|novel|sonnet|painting|sculpture)',
    '(heart|liver|kidney|brain|skeleton|muscle|virus|vitamin|protein|cell|gene|atom|molecule|electron|magnet|oxygen|carbon|gold|diamond|salt|oil|plastic|glass|paper|cotton|silk|wool|leather)',
    '(king|pharaoh|samurai|viking|pirate|astronaut|lawyer|surgeon|architect|teacher|firefighter|plumber|chef|poet|philosopher|senator|judge|general|monk|ninja|detective|clown|mayor|nurse|pilot)',
    '(oak tree|cactus|orchid|mushroom|sunflower|bamboo|mosquito|butterfly|eagle|salmon|crocodile|kangaroo|mammoth|unicorn|dragon|zombie|ghost|vampire|alien|mermaid)',
    '(chess|poker|golf|karate|ballet|yoga|marathon|surfing|fencing|archery|democracy|capitalism|religion|constitution|election|revolution|empire|treaty|census|holiday|wedding|funeral|birthday|carnival|festival|tradition)',
    '(pizza|cheese|chocolate|coffee|tea|beer|wine|sushi|yogurt|honey|bread|mustard|ketchup|avocado|mango|garlic|pepper|vanilla)',
  ],
  symptom: [
    '(dies|drops|cuts out|freezes|stutters|crashes|restarts|reboots|hangs|lags|flickers|overheats|beeps|buzzes|stalls|disconnects|times out|buffers|shuts off|shuts down|goes dark|goes black|goes offline|locks up|blinks red|jams|skips|fails|quits|glitches)( (every (few minutes|hour|time i (use|open|start|touch) it|evening)|all the time|randomly|constantly|after (a minute|ten seconds|an hour|the update|a few songs)|at (10|50|80|99) percent|halfway|on startup|when (it rains|i walk away|someone calls|i turn it on|the microwave runs|i plug it in)|for no reason|at my house|again|)|)',
    '(makes a (strange|loud|grinding|clicking|buzzing|humming) noise|will not (turn on|wake up|charge|connect|load|pair|save|print|scan|ring|start|respond|update|sync|stay connected|open)|does not (start|respond|detect (my phone|the cable|the card)|show (anything|a picture|up)|hold a charge|see the network|ring|vibrate|reach the bedroom|recognise my (voice|finger|disc))|has (no (sound|picture|signal|power|bars|service|reception|audio)|a red light|lines on the screen|an orange light|dead pixels|stopped (working|syncing|charging|responding))|is (stuck on (the logo|loading|searching|step two|a black screen)|greyed out|unresponsive|blank|laggy|offline|not detected|extremely slow|very hot|dead|unusable|out of sync|frozen|in a boot loop)|keeps (asking for (my password|an update|the code)|rebooting|buffering|dropping|freezing|searching|losing (signal|pairing|the network)|spinning|loading|beeping|turning off)|shows (nothing|a blue screen|an error|error 0|error code 0|no connection|a spinning wheel|garbage|the wrong time)|lost (its connection|pairing|signal|the network|my settings|all my data)|throws (an error|a 502|a 404|exceptions)|returns (nothing|an error|no results)|gives me (an error|a blank page|static)|went (offline|black|dead|blank)|died)',
  ],
  thing: [
    '(app|site|website|webshop|search bar|checkout page|form|portal|dashboard|login page|chat widget|map|player|save button|upload|search|menu|page|video|stream|streaming|live channel|game|launcher|add in|plugin|extension|driver|software|program|server|database|vpn|email|inbox|calendar sync|document viewer|report|export)',
    '(wifi|internet|router|modem|extender|mesh|phone|mobile|landline|tablet|laptop|computer|desktop|monitor|printer|scanner|tv|decoder|set top box|cable box|remote|console|controller|headset|headphones|earbuds|speaker|soundbar|microphone|camera|webcam|doorbell|smart lock|thermostat|bulb|hub|watch|tracker|battery|charger|screen|keyboard|mouse|touchpad|sim|e-sim|signal|bluetooth|card reader|vacuum robot|drone|dash cam|baby monitor|e-reader|projector|security camera|smart plug|fiber box|satellite dish|gps|alarm panel)',
  ],
  show: [
    '(the office|star trek|game of thrones|breaking bad|friends|the matrix|titanic|frozen|star wars|harry potter|the godfather|inception|the simpsons|seinfeld)',
  ],
  agent: [
    '(human|person|agent|operator|representative|rep|real person|live agent|human agent|real human|live person|human being|actual person|customer service agent|customer service representative|support agent|advisor|adviser|assistant|live operator|human operator|staff member|team member|consultant|live representative|support rep|service rep|customer care executive|associate|specialist)',
    '(supervisor|manager|your manager|your supervisor|your boss|someone in charge|someone senior|team leader|customer service|customer support|customer care|support team|the support team|your support staff|the help desk|call center agent)',
  ],
}
