import type { App } from '../app.ts'
import { readEvents } from '../conversations/event-log.ts'
import { effectOf } from '../conversations/shown-effects.ts'

/** A line of a conversation as people read it: what was said, or, without an author, what happened. */
export interface Line {
  by: string
  text: string
}

/** Everything that was said and done in the conversations of an application, in its order. */
export async function transcript({ db }: App): Promise<Line[]> {
  const conversations = await db.selectFrom('conversations').select('id').orderBy('created_at').execute()
  const lines: Line[] = []
  for (const [i, { id }] of conversations.entries()) {
    if (conversations.length > 1) lines.push({ by: '', text: `conversation ${i + 1}` })
    for (const event of await readEvents(db, id)) {
      const { type, data } = event
      const effect = effectOf(event)
      if (type === 'message-received') lines.push({ by: 'customer', text: String(data.text) })
      else if (type === 'message-sent')
        lines.push({ by: (data.author as { name: string }).name, text: String(data.text) })
      else if (type === 'route-decided') {
        const { to, by, reason } = data.route as { to: string; by: string; reason: string }
        lines.push({ by: '', text: `route: ${to}, by ${by}: ${reason}` })
      } else if (type === 'tool-called')
        lines.push({ by: '', text: `tool: ${data.tool} ${JSON.stringify(data.args)} → ${data.status}` })
      else if (effect) lines.push({ by: '', text: `effect: ${effect.tool} is ${effect.state}: ${effect.summary}` })
      else if (!QUIET.has(type)) lines.push({ by: '', text: `${type}: ${told(data)}` })
    }
  }
  return lines
}

const QUIET = new Set(['conversation-opened', 'passages-used', 'desk-action-received', 'turn-failed'])

function told({ turnId: _, id: __, ...data }: Record<string, unknown>): string {
  return JSON.stringify(data).slice(0, 300)
}
