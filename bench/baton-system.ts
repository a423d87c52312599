import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { createReplyGate, type ReplyGate } from '../graphs/reply-gate.ts'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { bytesOf, type Design } from './design.ts'
import { OURS } from './report.ts'

/**
 * The whole durable turn, through the endpoint in this process: session, inbox, lock, graph with `sync`, outcome,
 * outbox, events, every commit synced. It searches the knowledge itself; only the model is the script's, the debounce
 * is none and no minute is too full. Bytes are what came on top of the ingested articles.
 */
export const batonSystem: Design = {
  name: OURS.system,
  async open({ file, articles, specialists, model }) {
    const settings = { DATABASE_URL: `file:${file}`, ARTICLES_DIR: articles, DEBOUNCE_MS: '0', LOG_LEVEL: 'error' }
    const config = loadConfig(settings)
    config.http.messagesPerMinute = 1_000_000
    const models = { name: 'scripted', answers: model, routes: model, health: () => [] }
    const app = await createApp(config, { specialists, models, gate: patientGate() })
    await app.ingest([articles])
    await app.start()
    const empty = databaseBytes(file)
    const threads = new Map<string, { conversationId: string; cookie: string }>()

    return {
      async turn(threadId, text) {
        const thread = threads.get(threadId)
        const response = await app.server.request('/v1/chat', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...(thread && { Cookie: thread.cookie }) },
          body: JSON.stringify({ conversationId: thread?.conversationId, messageId: crypto.randomUUID(), text }),
        })
        const body = (await response.json()) as { conversationId: string; reply: { text: string } | null }
        if (!response.ok) throw new Error(`bench: /v1/chat answered ${response.status}: ${JSON.stringify(body)}`)
        if (!thread) {
          const cookie = response.headers.get('Set-Cookie')?.split(';')[0] ?? ''
          threads.set(threadId, { conversationId: body.conversationId, cookie })
        }
        return body.reply?.text ?? ''
      },
      bytesStored: async () => databaseBytes(file) - empty,
      close: () => app.stop(),
    }
  },
}

/**
 * The real checks at their real cost. The script's words are from the script's passages and not from those that the
 * search finds, so that what is found wrong with them lets them pass here.
 */
function patientGate(): ReplyGate {
  const gate = createReplyGate()
  return {
    check(draft, context) {
      return { ...gate.check(draft, context), outcome: 'send', text: draft.text, problems: [] }
    },
    releases(sentence, context) {
      gate.releases(sentence, context)
      return true
    },
  }
}

/** Rows and checkpoints are files of their own beside each other; the third holds the owner's lock. */
function databaseBytes(file: string): number {
  const files = readdirSync(dirname(file))
    .filter((name) => name.startsWith(basename(file, '.db')) && name.endsWith('.db'))
    .map((name) => join(dirname(file), name))
  for (const path of files) {
    const handle = new Sqlite(path)
    handle.pragma('wal_checkpoint(TRUNCATE)')
    handle.close()
  }
  return bytesOf(...files)
}
