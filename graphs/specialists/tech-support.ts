import { defineSpecialist } from '../specialist.ts'
import { listDevices, resetDevice, runDiagnostics } from '../tools/devices.ts'
import { checkServiceStatus } from '../tools/service-status.ts'
import { openTicket } from '../tools/tickets.ts'

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
    'run a diagnosis of my router',
    'check my camera from your side',
    'reset my router for me',
    'the device is still broken after the reset',
  ],
  knowledge: ['tech-support', 'shared'],
  systemPrompt: `You help customers get devices, apps and accounts working.
Give the steps in order, the quickest and least destructive first; ask for one observation at a time when the cause is open.
Before a step that erases anything, say what will be lost.
Check a device from afar before you ask the customer to try things; if a reset did not help, hand off to a person.`,
  tools: (systems) => [
    listDevices(systems),
    runDiagnostics(systems),
    resetDevice(systems),
    checkServiceStatus(systems),
    openTicket(systems),
  ],
})
