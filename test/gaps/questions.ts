/** Questions as customers ask them; those of one list ask for the same thing. Written before the threshold was chosen. */
export const ASKED: string[][] = [
  [
    'Do you ship to Switzerland?',
    'can i get my order delivered to switzerland',
    'Is shipping to Switzerland possible and what does it cost?',
    'I live in Switzerland, will you deliver there?',
    'switzerland delivery??',
  ],
  [
    'Is there a student discount?',
    'do you offer a discount for students',
    'I am a student, can I get a reduced price?',
    'student discount code',
  ],
  [
    'Can I use the headphones with my PlayStation 5?',
    'do the headphones work on a ps5',
    'Are your headphones compatible with PlayStation?',
    'connecting headphones to playstation 5',
  ],
  [
    'How do I engrave a name on the water bottle?',
    'Can the bottle be engraved with a name?',
    'engraving for bottles, is that possible?',
    'I would like my name engraved on the bottle',
  ],
  ['Do you have a shop in Berlin that I can visit?', 'is there a store in berlin', 'Where is your Berlin store?'],
  [
    'Is the tent waterproof in heavy rain?',
    'how waterproof is the tent',
    'What water column does the tent have? Is it waterproof?',
    'will the tent stay dry in heavy rain',
  ],
  [
    'Can I pay on invoice as a company?',
    'we are a company and want to pay by invoice',
    'company purchase on invoice with a tax number',
  ],
  [
    'Does the camera work with Apple HomeKit?',
    'is the porch camera compatible with homekit',
    'HomeKit support for the camera?',
  ],
  ['Can I trade in my old tablet?', 'do you take old tablets in part exchange', 'trade in for a used tablet'],
  ['How loud is the blender in decibels?', 'blender noise level in decibels', 'is the blender very loud?'],
  ['Do you plant a tree for every order?', 'what do you do for the climate?', 'is delivery climate neutral'],
  ['Can I buy a gift wrapped order with a card?', 'is gift wrapping available', 'please gift wrap my order'],
]

/** Asked once each, about nothing that anybody else asks. */
export const ALONE: string[] = [
  'What is the name of your chief executive?',
  'Can the backpack go on a plane as hand luggage?',
  'Which languages does the router menu have?',
  'I want to sell your products in my shop, whom do I ask?',
  'Is the sleeping bag filled with down from living geese?',
  'Does the smart plug measure how much power it uses?',
]
