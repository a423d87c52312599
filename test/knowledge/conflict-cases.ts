/** A small article of a case; what is left out is as in any article. */
export interface CaseArticle {
  title: string
  text: string
  validFrom?: string
  validTo?: string
  regions?: string[]
  plans?: string[]
  language?: string
}

/** Two articles, and the sentences that contradict each other; none: they go together. */
export interface ConflictCase {
  name: string
  articles: [CaseArticle, CaseArticle]
  sentences?: [string, string]
}

/** Written before the detection that is measured on them. */
export const PLANTED: ConflictCase[] = [
  {
    name: 'a return window in other words',
    articles: [
      {
        title: 'Returning goods',
        text: 'You can return unused goods within 30 days of delivery. Use the printed label.',
      },
      {
        title: 'Refund questions',
        text: 'Refunds go to your card. Unused items can be sent back within 14 days after delivery.',
      },
    ],
    sentences: [
      'You can return unused goods within 30 days of delivery.',
      'Unused items can be sent back within 14 days after delivery.',
    ],
  },
  {
    name: 'a fee in two places',
    articles: [
      { title: 'Delivery', text: 'Standard delivery costs EUR 4.90. We ship on business days.' },
      { title: 'Checkout', text: 'At the checkout you choose a carrier.\n\nThe fee for standard delivery is €5.90.' },
    ],
    sentences: ['Standard delivery costs EUR 4.90.', 'The fee for standard delivery is €5.90.'],
  },
  {
    name: 'a duration in other units',
    articles: [
      { title: 'Warranty', text: 'The warranty on headphones lasts 24 months.' },
      { title: 'Headphones', text: 'Our headphones have a warranty of 3 years.' },
    ],
    sentences: ['The warranty on headphones lasts 24 months.', 'Our headphones have a warranty of 3 years.'],
  },
  {
    name: 'a number in words',
    articles: [
      { title: 'Password links', text: 'The link for a new password is valid for one hour.' },
      { title: 'Cannot sign in', text: 'Ask for a new password. The password link stays valid for 24 hours.' },
    ],
    sentences: ['The link for a new password is valid for one hour.', 'The password link stays valid for 24 hours.'],
  },
  {
    name: 'a percentage',
    articles: [
      { title: 'Student discount', text: 'Students get a discount of 15 % on laptops.' },
      { title: 'Discounts', text: 'There are several discounts. The student discount on laptops is 10 percent.' },
    ],
    sentences: ['Students get a discount of 15 % on laptops.', 'The student discount on laptops is 10 percent.'],
  },
  {
    name: 'a range that moved',
    articles: [
      { title: 'Express', text: 'Express delivery takes 1 to 2 business days.' },
      {
        title: 'How long it takes',
        text: '| Service | Time |\n| --- | --- |\n| Express delivery | 3 to 4 business days |\n| Pick-up | today |',
      },
    ],
    sentences: ['Express delivery takes 1 to 2 business days.', '| Express delivery | 3 to 4 business days |'],
  },
  {
    name: 'a count of things',
    articles: [
      { title: 'Family plan', text: 'The family plan covers up to 6 devices at the same time.' },
      { title: 'Streaming limits', text: 'With the family plan you can watch on up to 4 devices at the same time.' },
    ],
    sentences: [
      'The family plan covers up to 6 devices at the same time.',
      'With the family plan you can watch on up to 4 devices at the same time.',
    ],
  },
  {
    name: 'a date that differs',
    articles: [
      { title: 'Old app', text: 'Support for the old app ends on 31 March 2027.' },
      {
        title: 'App versions',
        text: 'The old app will be supported for a while. Support for the old app ends on 30 June 2027.',
      },
    ],
    sentences: ['Support for the old app ends on 31 March 2027.', 'Support for the old app ends on 30 June 2027.'],
  },
  {
    name: 'a pronoun whose subject is the title',
    articles: [
      { title: 'Card replacement', text: 'A replacement card costs EUR 10.' },
      { title: 'Replacement card', text: 'Order it in the app. It costs EUR 15 and comes by post.' },
    ],
    sentences: ['A replacement card costs EUR 10.', 'It costs EUR 15 and comes by post.'],
  },
  {
    name: 'a notice period of one plan, both in its articles',
    articles: [
      {
        title: 'Cancel a business tariff',
        text: 'The notice period of a business tariff is 3 months.',
        plans: ['business'],
      },
      {
        title: 'Business tariffs',
        text: 'A business tariff has a notice period of one month.',
        plans: ['business', 'enterprise'],
      },
    ],
    sentences: [
      'The notice period of a business tariff is 3 months.',
      'A business tariff has a notice period of one month.',
    ],
  },
  {
    name: 'a claim deadline in one of two clauses',
    articles: [
      {
        title: 'Stolen bags',
        text: 'Report a stolen bag to the police at once, and send us the claim form within 7 days.',
      },
      { title: 'Claims', text: 'The claim form must be sent to us within 14 days.' },
    ],
    sentences: [
      'Report a stolen bag to the police at once, and send us the claim form within 7 days.',
      'The claim form must be sent to us within 14 days.',
    ],
  },
  {
    name: 'opening hours',
    articles: [
      { title: 'Contact', text: 'Our phone line is open Monday to Friday from 8:00 to 20:00.' },
      { title: 'Call us', text: 'The phone line is open Monday to Friday from 9:00 to 18:00.' },
    ],
    sentences: [
      'Our phone line is open Monday to Friday from 8:00 to 20:00.',
      'The phone line is open Monday to Friday from 9:00 to 18:00.',
    ],
  },
]

/** Written before the detection: each looks like a conflict and is none. */
export const NEAR_MISSES: ConflictCase[] = [
  {
    name: 'the same time in other units',
    articles: [
      { title: 'Warranty', text: 'The warranty on cameras lasts 24 months.' },
      { title: 'Cameras', text: 'Our cameras have a warranty of two years.' },
    ],
  },
  {
    name: 'the window before and after a change',
    articles: [
      {
        title: 'Return policy until April',
        text: 'Goods can be returned within 60 days of delivery.',
        validTo: '2026-03-31',
      },
      { title: 'Return policy', text: 'Goods can be returned within 30 days of delivery.', validFrom: '2026-04-01' },
    ],
  },
  {
    name: 'other regions',
    articles: [
      { title: 'Returns in Germany', text: 'Goods can be returned within 30 days of delivery.', regions: ['de'] },
      { title: 'Returns in Switzerland', text: 'Goods can be returned within 14 days of delivery.', regions: ['ch'] },
    ],
  },
  {
    name: 'an exception for one plan',
    articles: [
      { title: 'Returns', text: 'Goods can be returned within 30 days of delivery.' },
      { title: 'Returns with Plus', text: 'Goods can be returned within 60 days of delivery.', plans: ['plus'] },
    ],
  },
  {
    name: 'two kinds of delivery',
    articles: [
      { title: 'Standard delivery', text: 'Standard delivery takes 2 to 4 business days.' },
      { title: 'Express delivery', text: 'Express delivery takes 1 to 2 business days.' },
    ],
  },
  {
    name: 'a rule and its exception for members',
    articles: [
      { title: 'Returns', text: 'Goods can be returned within 30 days of delivery, or within 60 days with Plus.' },
      { title: 'Plus', text: 'With Plus, goods can be returned within 60 days of delivery.' },
    ],
  },
  {
    name: 'two things that are valid',
    articles: [
      { title: 'Return label', text: 'The return label is valid for 14 days.' },
      { title: 'Gift cards', text: 'A gift card is valid for 3 years.' },
    ],
  },
  {
    name: 'steps of other procedures',
    articles: [
      { title: 'Restart the modem', text: '1. Unplug the modem.\n2. Wait 1 minute.\n3. Plug it in again.' },
      { title: 'Reset the router', text: '1. Press the reset button.\n2. Wait 3 minutes.\n3. Sign in again.' },
    ],
  },
  {
    name: 'working days and the same in calendar days',
    articles: [
      { title: 'Refunds', text: 'A refund reaches your account within 5 business days.' },
      { title: 'Where is my refund?', text: 'A refund reaches your account within one week.' },
    ],
  },
  {
    name: 'two payments of one sort at other points in time',
    articles: [
      { title: 'Failed payments', text: 'We try a failed payment again after 3 days.' },
      { title: 'Cancelled for non-payment', text: 'A subscription ends when a payment has failed for 30 days.' },
    ],
  },
  {
    name: 'one number out of the list of another article',
    articles: [
      { title: 'Storage plans', text: 'Storage plans have 50 GB, 200 GB or 2000 GB.' },
      { title: 'The small storage plan', text: 'The small storage plan has 50 GB.' },
    ],
  },
  {
    name: 'the same sentence in another language',
    articles: [
      { title: 'Data roaming', text: 'The roaming limit is EUR 60 a month.', language: 'en' },
      { title: 'Roaming', text: 'The roaming limit is EUR 50 a month.', language: 'de' },
    ],
  },
]

/** Written on the same day and not looked at while the detection was made: what it finds here is the honest figure. */
export const PLANTED_KEPT_BACK: ConflictCase[] = [
  {
    name: 'a cooling-off period',
    articles: [
      { title: 'Withdraw from a contract', text: 'You may withdraw from an insurance contract within 14 days.' },
      { title: 'Your insurance contract', text: 'An insurance contract can be withdrawn from within 30 days.' },
    ],
    sentences: [
      'You may withdraw from an insurance contract within 14 days.',
      'An insurance contract can be withdrawn from within 30 days.',
    ],
  },
  {
    name: 'a cash limit',
    articles: [
      { title: 'Cash machines', text: 'You can withdraw up to EUR 500 a day at a cash machine.' },
      { title: 'Card limits', text: 'The daily limit for withdrawals at a cash machine is EUR 1,000.' },
    ],
    sentences: [
      'You can withdraw up to EUR 500 a day at a cash machine.',
      'The daily limit for withdrawals at a cash machine is EUR 1,000.',
    ],
  },
  {
    name: 'attempts',
    articles: [
      { title: 'Locked card', text: 'After 3 wrong PIN entries the card is blocked.' },
      { title: 'PIN', text: 'The card is blocked after 5 wrong PIN entries.' },
    ],
    sentences: ['After 3 wrong PIN entries the card is blocked.', 'The card is blocked after 5 wrong PIN entries.'],
  },
  {
    name: 'a free trial',
    articles: [
      { title: 'Try it', text: 'The free trial lasts 30 days.' },
      { title: 'Free trial', text: 'Our free trial runs for fourteen days, then the subscription begins.' },
    ],
    sentences: [
      'The free trial lasts 30 days.',
      'Our free trial runs for fourteen days, then the subscription begins.',
    ],
  },
  {
    name: 'a price of a plan',
    articles: [
      { title: 'Premium', text: 'Premium costs $11.99 a month.' },
      { title: 'Plans and prices', text: '- Basic is free.\n- Premium costs $9.99 a month.' },
    ],
    sentences: ['Premium costs $11.99 a month.', 'Premium costs $9.99 a month.'],
  },
  {
    name: 'an age',
    articles: [
      { title: 'Open an account', text: 'You must be at least 18 years old to open an account.' },
      { title: 'Accounts for teenagers', text: 'To open an account you must be at least 16 years old.' },
    ],
    sentences: [
      'You must be at least 18 years old to open an account.',
      'To open an account you must be at least 16 years old.',
    ],
  },
  {
    name: 'how long data is kept',
    articles: [
      { title: 'Call recordings', text: 'Call recordings are deleted after 90 days.' },
      { title: 'Privacy', text: 'We delete call recordings after 6 months.' },
    ],
    sentences: ['Call recordings are deleted after 90 days.', 'We delete call recordings after 6 months.'],
  },
  {
    name: 'a baggage weight',
    articles: [
      { title: 'Cabin bags', text: 'A cabin bag may weigh up to 8 kg.' },
      { title: 'What to pack', text: 'The cabin bag can weigh 10 kg at most.' },
    ],
    sentences: ['A cabin bag may weigh up to 8 kg.', 'The cabin bag can weigh 10 kg at most.'],
  },
  {
    name: 'an answer time',
    articles: [
      { title: 'E-mail us', text: 'We answer e-mails within 24 hours.' },
      { title: 'Support', text: 'E-mails are answered within 3 business days.' },
    ],
    sentences: ['We answer e-mails within 24 hours.', 'E-mails are answered within 3 business days.'],
  },
  {
    name: 'a minimum order',
    articles: [
      { title: 'Free shipping', text: 'Shipping is free for orders of at least EUR 50.' },
      { title: 'Shipping', text: 'For orders from EUR 35, shipping is free.' },
    ],
    sentences: ['Shipping is free for orders of at least EUR 50.', 'For orders from EUR 35, shipping is free.'],
  },
]

/** Near misses that were kept back as well. */
export const NEAR_MISSES_KEPT_BACK: ConflictCase[] = [
  {
    name: 'credit and debit cards',
    articles: [
      { title: 'Credit cards', text: 'A new credit card arrives within 10 business days.' },
      { title: 'Debit cards', text: 'A new debit card arrives within 5 business days.' },
    ],
  },
  {
    name: 'monthly and yearly prices',
    articles: [
      { title: 'Premium by the month', text: 'Premium costs EUR 9.90 a month.' },
      { title: 'Premium by the year', text: 'Premium costs EUR 99 a year.' },
    ],
  },
  {
    name: 'a link and a code',
    articles: [
      { title: 'Verification link', text: 'The link in the verification email is valid for 24 hours.' },
      { title: 'Verification code', text: 'The code in the verification message is valid for 5 minutes.' },
    ],
  },
  {
    name: 'a deadline and how long the work takes',
    articles: [
      { title: 'Report damage', text: 'Report damage to a parcel within 7 days.' },
      { title: 'Damage checks', text: 'A check of a damaged parcel takes up to 3 days.' },
    ],
  },
  {
    name: 'money in and money out',
    articles: [
      { title: 'Deposits', text: 'You can deposit up to EUR 10,000 a day.' },
      { title: 'Withdrawals', text: 'You can withdraw up to EUR 2,000 a day.' },
    ],
  },
  {
    name: 'an approximate time',
    articles: [
      { title: 'Set-up', text: 'Setting up the camera takes about 10 minutes.' },
      { title: 'First steps', text: 'Setting up the camera takes 12 minutes.' },
    ],
  },
  {
    name: 'a time inside of a range',
    articles: [
      { title: 'Repairs', text: 'A repair takes 10 to 15 business days.' },
      { title: 'Repair status', text: 'A repair takes up to 15 business days.' },
    ],
  },
  {
    name: 'adults and children',
    articles: [
      { title: 'Tickets', text: 'A day ticket for adults costs EUR 24.' },
      { title: 'Children', text: 'A day ticket for children costs EUR 12.' },
    ],
  },
  {
    name: 'before and after a date',
    articles: [
      {
        title: 'Contracts before December 2021',
        text: 'Contracts from before December 2021 are extended by 12 months.',
      },
      { title: 'Contracts since December 2021', text: 'Contracts since December 2021 are extended by 1 month.' },
    ],
  },
  {
    name: 'with and without a bundle',
    articles: [
      { title: 'Installation', text: 'The installation costs EUR 69.' },
      { title: 'Installation with a new line', text: 'With a new line, the installation costs EUR 29.' },
    ],
  },
]

/** A second set, written when the first kept-back set had been looked at, and left alone since. */
export const PLANTED_LATER: ConflictCase[] = [
  {
    name: 'a hotel check-out time',
    articles: [
      { title: 'Leaving', text: 'Check-out is until 11:00. Leave the key at the desk.' },
      { title: 'Your room', text: 'Rooms are cleaned daily. Check-out is until 10:00.' },
    ],
    sentences: ['Check-out is until 11:00.', 'Check-out is until 10:00.'],
  },
  {
    name: 'a speed',
    articles: [
      { title: 'Fibre 100', text: 'The upload speed of Fibre 100 is 50 Mbit/s.' },
      { title: 'Compare lines', text: 'Fibre 100 has an upload speed of 40 Mbit/s.' },
    ],
    sentences: ['The upload speed of Fibre 100 is 50 Mbit/s.', 'Fibre 100 has an upload speed of 40 Mbit/s.'],
  },
  {
    name: 'an excess',
    articles: [
      { title: 'Car insurance', text: 'The excess for glass damage is EUR 150.' },
      { title: 'Broken windscreen', text: 'For glass damage you pay an excess of EUR 300.' },
    ],
    sentences: ['The excess for glass damage is EUR 150.', 'For glass damage you pay an excess of EUR 300.'],
  },
  {
    name: 'when a transfer arrives',
    articles: [
      { title: 'Bank transfers', text: 'A bank transfer to your balance arrives within 2 business days.' },
      {
        title: 'Top up',
        text: '- Cards are immediate.\n- Bank transfers arrive on your balance within 5 business days.',
      },
    ],
    sentences: [
      'A bank transfer to your balance arrives within 2 business days.',
      'Bank transfers arrive on your balance within 5 business days.',
    ],
  },
  {
    name: 'how many profiles',
    articles: [
      { title: 'Profiles', text: 'You can create up to 5 profiles in one account.' },
      { title: 'Sharing', text: 'An account can have up to 7 profiles.' },
    ],
    sentences: ['You can create up to 5 profiles in one account.', 'An account can have up to 7 profiles.'],
  },
  {
    name: 'a session time-out',
    articles: [
      { title: 'Signed out', text: 'For your safety you are signed out after 15 minutes without activity.' },
      { title: 'Security', text: 'After 30 minutes without activity you are signed out.' },
    ],
    sentences: [
      'For your safety you are signed out after 15 minutes without activity.',
      'After 30 minutes without activity you are signed out.',
    ],
  },
  {
    name: 'a rebooking fee',
    articles: [
      { title: 'Change a flight', text: 'Rebooking a flight costs EUR 45 per person.' },
      { title: 'Fees', text: 'The fee for rebooking a flight is EUR 60 per person.' },
    ],
    sentences: ['Rebooking a flight costs EUR 45 per person.', 'The fee for rebooking a flight is EUR 60 per person.'],
  },
  {
    name: 'a backup that is kept',
    articles: [
      { title: 'Backups', text: 'We keep daily backups for 30 days.' },
      { title: 'Restore a backup', text: 'Daily backups are kept for 7 days.' },
    ],
    sentences: ['We keep daily backups for 30 days.', 'Daily backups are kept for 7 days.'],
  },
]

/** Its near misses. */
export const NEAR_MISSES_LATER: ConflictCase[] = [
  {
    name: 'check-in and check-out',
    articles: [
      { title: 'Arrive', text: 'Check-in is from 15:00.' },
      { title: 'Leave', text: 'Check-out is until 11:00.' },
    ],
  },
  {
    name: 'upload and download',
    articles: [
      { title: 'Upload', text: 'The upload speed is 50 Mbit/s.' },
      { title: 'Download', text: 'The download speed is 100 Mbit/s.' },
    ],
  },
  {
    name: 'cards and transfers',
    articles: [
      { title: 'Pay by card', text: 'A payment by card arrives within 1 hour.' },
      { title: 'Pay by transfer', text: 'A payment by transfer arrives within 3 days.' },
    ],
  },
  {
    name: 'peak and off-peak',
    articles: [
      { title: 'Calls', text: 'A call in the peak hours costs EUR 0.20.' },
      { title: 'Cheap calls', text: 'A call in the off-peak hours costs EUR 0.10.' },
    ],
  },
  {
    name: 'two routers',
    articles: [
      { title: 'Mesh 6', text: 'The Mesh 6 restarts in 3 minutes.' },
      { title: 'Mesh 4', text: 'The Mesh 4 restarts in 5 minutes.' },
    ],
  },
  {
    name: 'a first and a second reminder',
    articles: [
      { title: 'First reminder', text: 'The first reminder is sent after 7 days.' },
      { title: 'Second reminder', text: 'The second reminder is sent after 14 days.' },
    ],
  },
  {
    name: 'a fee and its discount',
    articles: [
      { title: 'Late payment', text: 'A late payment costs EUR 5.' },
      { title: 'Late payment by students', text: 'A late payment costs students EUR 2.' },
    ],
  },
  {
    name: 'weeks and days of one length',
    articles: [
      { title: 'Notice', text: 'The notice period for a gym contract is four weeks.' },
      { title: 'Leave the gym', text: 'A gym contract has a notice period of 28 days.' },
    ],
  },
]
