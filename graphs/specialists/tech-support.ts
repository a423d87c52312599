import { defineSpecialist } from '../specialist.ts'

export default defineSpecialist({
  name: 'tech-support',
  description: 'Devices, apps, accounts and sign-in that do not work: set-up, connection, updates, errors and resets.',
  examples: [
    'my router keeps dropping the wifi',
    'I cannot sign in to my account',
    'the app crashes when I open it',
    'how do I reset my password',
    'my headphones will not pair',
    'the camera shows offline',
    'it will not turn on any more',
    'I get an error when I update the firmware',
    'the verification code never arrives',
    'my account is locked',
    'the website shows an error at checkout',
    'there is no sound',
    'how do I connect the speaker to my phone',
    'restore factory settings',
    'the battery drains within an hour',
    'I cannot register a new account',
    'the video keeps buffering',
    'the light on my Mesh 6 is amber',
    'the Porch Cam says offline',
    'my Slate 10 is frozen',
  ],
  knowledge: ['tech-support', 'shared'],
  systemPrompt: `You help customers get devices, apps and accounts working.
Give the steps in order, the quickest and least destructive first; ask for one observation at a time when the cause is open.
Before a step that erases anything, say what will be lost.`,
})
