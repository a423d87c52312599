import { z } from 'zod'
import type { Systems } from '../systems.ts'
import { defineReadTool, type Tool } from '../tool.ts'
import { day, numbered } from './wording.ts'

/** What is down at the moment, for everybody. */
export function checkServiceStatus({ devices }: Systems): Tool {
  return defineReadTool({
    name: 'check_service_status',
    description: 'Known outages of our online services at this moment, for everybody.',
    schema: z.strictObject({}),
    assurance: 'anonymous',
    timeoutMs: 5_000,
    logs: [],
    offline: {
      examples: [
        'do you have an outage',
        'do you have problems at the moment',
        'do you know of an outage',
        'is everything up on your side',
        'is something down on your side',
        'is it down for everyone',
        'is your cloud down',
        'is your app down',
        'are you down',
        'are you having problems',
        'are there outages in my region',
        'is there a disturbance',
        'is there maintenance going on',
        'any known outages',
        'what is the status of your services',
        'is there an outage',
        'is there an outage in my area',
        'are your servers down',
        'is the service down right now',
        'is Porch Cloud down',
        'is the app down for everybody',
        'are there any known disruptions',
        'are there any problems with your service today',
        'check the service status',
      ],
    },
    async run() {
      const outages = await devices.outages()
      if (outages.length === 0) return { say: 'No disturbance of our services is known at the moment.', data: [] }
      const lines = outages.map(
        ({ service, region, since, note }) => `${service} (${region}), since ${day(since)}: ${note}`,
      )
      return { say: `These disturbances are known at the moment:\n${numbered(lines)}`, data: outages }
    },
  })
}
