import { z } from 'zod'
import type { Device, Diagnosis, Systems } from '../systems.ts'
import { defineReadTool, type Tool, type ToolResult } from '../tool.ts'
import { ANY_WORDS, type Choice, choose, chosen, defineChoosingTool } from './choosing.ts'
import { day, daysBetween, numbered } from './wording.ts'

const device = z.string().max(500).optional().describe('Its id, model or kind, if the customer named one')
const WHICH = 'Which of these devices is it about?'

/** The devices of the account. */
export function listDevices({ devices }: Systems): Tool {
  return defineReadTool({
    name: 'list_devices',
    description: 'The devices registered to the account: model, serial number, firmware, online or not.',
    schema: z.strictObject({}),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: [],
    offline: {
      examples: [
        'what devices are on my account',
        'which devices are linked to my account',
        'what is registered to me',
        'is my camera online',
        'is my router up to date',
        'do I have any devices',
        'which devices do I have',
        'what devices are registered to my account',
        'show me my devices',
        'list my devices',
        'is the firmware of my devices up to date',
        'what is the serial number of my router',
        'which firmware does my router have',
      ],
    },
    async run(_args, { principal }) {
      const all = await devices.list(principal.customerId)
      if (all.length === 0) return { say: 'There is no device registered to your account.', data: null }
      const lines = all.map((each) => {
        const old =
          each.firmware === each.latestFirmware ? 'up to date' : `an update to ${each.latestFirmware} is ready`
        return `${line(each)}, ${each.online ? 'online' : 'offline'}, firmware ${each.firmware} (${old})`
      })
      return { say: `These devices are registered to your account:\n${numbered(lines)}`, data: all }
    },
  })
}

/** A reset this many days ago should have helped. */
const RECENT_DAYS = 7

/** Looks at a device from afar; then a reset follows, or a person where a reset did not help. */
export function runDiagnostics({ devices }: Systems): Tool {
  return defineReadTool({
    name: 'run_diagnostics',
    description: 'Checks a device of the customer from afar and says what would help. Call it when one does not work.',
    schema: z.strictObject({ device }),
    assurance: 'verified',
    timeoutMs: 20_000,
    logs: [],
    offline: {
      examples: [
        'find out what is wrong with my headphones',
        'test my smart plug',
        'my mesh loses the internet all the time',
        'my wifi is terrible',
        'my wifi is slow',
        'my wifi is gone',
        'my internet keeps cutting out',
        'I have no internet at home',
        'the wifi on my router keeps dropping',
        'my router drops out every evening',
        'my router restarts by itself',
        'my router shows a red light',
        'my router has an amber light',
        'my camera will not connect',
        'my camera lost the connection',
        'my camera does not record',
        'my camera has no picture',
        'my tablet keeps freezing',
        'my tablet keeps crashing',
        'my tablet is dead',
        'my tablet is very slow',
        'my headphones keep disconnecting',
        'my headphones have no sound',
        'my headphones will not charge',
        'my smart plug is offline',
        'my speaker makes no sound',
        'my device is broken',
        'my device does not work any more',
        'I have a problem with my router',
        'I have trouble with my camera',
        'I think my router is broken',
        'run a check on my router',
        'run diagnostics',
        'do a diagnosis of my tablet',
        'look at my router from your side',
        'have a look at my camera',
        'find out what is wrong with my tablet',
        'can you see what is wrong with my camera',
        'why is my camera offline',
        'why does my router keep dropping the wifi',
        'is my router broken',
        'my router keeps dropping the wifi',
        'my wifi keeps disconnecting',
        'my internet is slow',
        'my camera is offline',
        'my camera shows offline',
        'my Porch Cam is offline',
        'my Slate is frozen',
        'my Mesh drops the connection',
        'my headphones stopped working',
        'my headphones will not pair',
        'my tablet is frozen',
        'my tablet will not turn on',
        'my speaker does not work',
        'my smart plug does not respond',
        'my router is still not working',
        'it still does not work',
        'still broken',
        'it is still broken',
        'still not working',
        'it did not help',
        'it is still not working after the reset',
        'it still drops the connection',
        'the reset did not help',
        'check my router',
        'test my device',
        'run a diagnosis of my camera',
        'diagnose my router',
        'what is wrong with my router',
        'is something wrong with my tablet',
      ],
      slots: { device: ANY_WORDS },
    },
    async run(args, { principal, today }): Promise<ToolResult> {
      const choice = chooseDevice(await devices.list(principal.customerId), args.device)
      if (!choice)
        return { say: 'There is no device registered to your account, so I cannot check it from here.', data: null }
      if (choice.question) return { say: choice.question, data: { ambiguous: true } }
      const found = chosen(choice)
      const diagnosis = await devices.diagnose(principal.customerId, found.id)
      if (!diagnosis) return { say: 'I cannot check this device from here.', data: null }
      return conclude(found, diagnosis, today)
    },
  })
}

function conclude(found: Device, diagnosis: Diagnosis, today: string): ToolResult {
  const { healthy, findings, advice, lastResetAt } = diagnosis
  const name = `your ${found.model}`
  const seen = [`I have checked ${name}.`, ...findings].join(' ')
  const recent = lastResetAt !== null && daysBetween(lastResetAt, today) <= RECENT_DAYS
  if (!healthy && recent && (advice === 'reset' || advice === 'replace')) {
    const reason = `The ${found.model} (${found.id}) still has a fault after the reset on ${day(lastResetAt)}: ${findings.join(' ')}`
    return {
      say: `${seen} The reset on ${day(lastResetAt)} did not help.`,
      data: diagnosis,
      next: { tool: 'hand_off', args: { to: 'human', reason } },
    }
  }
  if (advice === 'reset')
    return {
      say: `${seen} A reset should help.`,
      data: diagnosis,
      next: { tool: 'reset_device', args: { device: found.id } },
    }
  if (advice === 'none' && !healthy)
    return { say: `${seen} Please see to that first, and tell me if it still does not work.`, data: diagnosis }
  return { say: `${seen} ${ADVICE[advice](found)}`, data: diagnosis }
}

const ADVICE: Record<'none' | 'update' | 'replace', (found: Device) => string> = {
  none: () => 'I find no fault in it, so its settings or surroundings are the likely cause.',
  update: ({ model, latestFirmware }) =>
    `An update to ${latestFirmware} should help: in the app choose Devices › ${model} › Software update. Settings are kept.`,
  replace: () =>
    'Only a repair or a replacement helps. Faults are covered for 24 months: choose "Warranty claim" under Account › Orders.',
}

interface ResetFacts {
  choice: Choice<Device>
  today: string
}

/** Puts a device back to how it was delivered; at most once a day. */
export function resetDevice({ devices }: Systems): Tool {
  return defineChoosingTool({
    name: 'reset_device',
    description: 'Resets a device to factory settings from afar; its settings are lost. Only after a check advised it.',
    effect: 'write',
    schema: z.strictObject({ device }),
    assurance: 'verified',
    timeoutMs: 20_000,
    logs: [],
    policy: 'reset_device',
    offline: {
      examples: [
        'do a factory reset of my router',
        'do a reset of my camera',
        'make a reset of my device',
        'reset it from your side',
        'I want my router reset',
        'restart and reset my camera',
        'wipe my tablet',
        'set my router back to factory settings',
        'put my camera back to factory settings',
        'reset my router',
        'reset the Mesh 6',
        'reset my camera for me',
        'reset the speaker',
        'reset my device',
        'factory reset my tablet',
        'restore my router to factory settings',
      ],
      slots: { device: ANY_WORDS },
    },
    async facts(args, { principal, today }): Promise<ResetFacts | null> {
      const choice = chooseDevice(await devices.list(principal.customerId), args.device)
      return choice && { choice, today }
    },
    precondition: () => null,
    object: (_args, { choice }) => `device:${chosen(choice).id}`,
    businessKey: (_args, { choice, today }) => `reset:${chosen(choice).id}:${today}`,
    proposal(_args, { choice }) {
      const { model, serial, kind } = chosen(choice)
      return `reset your ${model} (serial number ${serial}) to factory settings. ${LOST[kind]}`
    },
    run: (_args, { choice }, { principal, key }) => devices.reset(principal.customerId, chosen(choice).id, key),
    lookUp: (key) => devices.settled(key),
    receipt: () =>
      'The reset is done. Please set the device up again in the app, and tell me if it still does not work.',
  })
}

/** What the articles say that a reset erases. */
const LOST: Record<Device['kind'], string> = {
  router:
    'This erases the Wi-Fi name and password, the guest network, port rules, parental controls, provider sign-in details and the links to satellites, and takes about 15 minutes without internet',
  camera: 'This erases its Wi-Fi and motion zones; recordings are kept',
  headphones: 'This erases the stored devices and the sound settings',
  tablet: 'This erases all photos, apps and files on it that are not backed up',
  plug: 'This erases its Wi-Fi and all schedules',
  speaker: 'This erases its connections and settings',
}

/** What else customers call each kind. */
const CALLED: Record<Device['kind'], string> = {
  router: 'router wifi internet network mesh connection',
  camera: 'camera cam doorbell video recording',
  speaker: 'speaker sound music',
  tablet: 'tablet slate screen touch',
  headphones: 'headphones headset earbuds earphones bluetooth',
  plug: 'plug socket outlet smart',
}

function chooseDevice(all: Device[], words: string | undefined): Choice<Device> | null {
  const named = all.find(({ id, serial }) => words?.includes(id) || words?.includes(serial))
  if (named) return { one: named }
  const describe = ({ id, serial, model, kind }: Device) => `${id} ${serial} ${model} ${CALLED[kind]}`
  return choose(all, { words, describe, line, question: WHICH })
}

function line({ model, kind, serial }: Device): string {
  return `${model} (${kind}, serial number ${serial})`
}
