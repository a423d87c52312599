import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DeskAction, Inbox } from '../conversations/inbox.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import type { Recalls } from './recalls.ts'

/** What became of a correction in one conversation. */
export interface CorrectionResult {
  conversationId: string
  /** `accepted`: it is on its way; `corrected`: one went out before; `not_told`: it was not told the old text. */
  result: 'accepted' | 'corrected' | 'not_told'
}

/** What an agent sends to conversations that were told the old text of an article. */
export interface Correction {
  agent: string
  text: string
  conversationIds: string[]
}

/**
 * Corrections: an agent's message to conversations that were told what an article no longer says. It takes the way of
 * every agent's reply, so the reply gate sees it; a conversation that no person owned goes back to the AI at once.
 */
export function createCorrections(options: {
  recalls: Recalls
  inbox: Inbox
  clock: Clock
  /** Told that a conversation has something new to work on. */
  onInbox(conversationId: string): void
}) {
  const { recalls, inbox, clock, onInbox } = options

  async function correct(
    articleId: string,
    version: number,
    correction: { conversationId: string; agent: string; text: string },
  ) {
    const { conversationId, agent, text } = correction
    const aside = true as const
    const about = { corrects: { articleId, version } }
    const action: DeskAction = {
      conversationId,
      kind: 'agent-reply',
      agent,
      text,
      messageId: randomUUID(),
      aside,
      about,
    }
    await inbox.act(action, async (trx, { inboxId }) => {
      const before = await correctionOf(trx, { articleId, version, conversationId })
      if (before) throw new AppError('recalls.corrected', 409, 'This conversation was corrected already.')
      await trx
        .insertInto('corrections')
        .values({
          article_id: articleId,
          version,
          conversation_id: conversationId,
          inbox_id: inboxId,
          agent,
          at: clock.now(),
        })
        .execute()
      const kind = await wayBack(trx, conversationId, inboxId)
      const note = `Correction of what was told from ${articleId}.`
      return kind && { conversationId, kind, agent, text: note, messageId: randomUUID(), aside, about }
    })
    onInbox(conversationId)
  }

  return {
    /**
     * Sends the text to each conversation once for this version of the article.
     * @throws {AppError} 404 for an unknown article
     */
    async send(articleId: string, { agent, text, conversationIds }: Correction): Promise<CorrectionResult[]> {
      const ids = [...new Set(conversationIds)]
      // However long ago it was told: whoever is named here was chosen.
      const scope = { conversationIds: ids, sinceDays: EVER, limit: ids.length }
      const { version, conversations } = await recalls.find(articleId, scope)
      const told = new Set(conversations.map(({ conversationId }) => conversationId))
      const results: CorrectionResult[] = []
      for (const conversationId of ids) {
        if (!told.has(conversationId)) {
          results.push({ conversationId, result: 'not_told' })
          continue
        }
        try {
          await correct(articleId, version, { conversationId, agent, text })
          results.push({ conversationId, result: 'accepted' })
        } catch (error) {
          if (!(error instanceof AppError && error.code === 'recalls.corrected')) throw error
          results.push({ conversationId, result: 'corrected' })
        }
      }
      return results
    },
  }
}

export type Corrections = ReturnType<typeof createCorrections>

const EVER = 36_500

function correctionOf(trx: Transaction<Tables>, key: { articleId: string; version: number; conversationId: string }) {
  return trx
    .selectFrom('corrections')
    .select('at')
    .where('article_id', '=', key.articleId)
    .where('version', '=', key.version)
    .where('conversation_id', '=', key.conversationId)
    .executeTakeFirst()
}

/** How a conversation gets back to where it was: an agent's words alone would leave it with the agent. */
async function wayBack(
  trx: Transaction<Tables>,
  conversationId: string,
  inboxId: string,
): Promise<'hand-back' | 'close' | undefined> {
  const { status } = await trx
    .selectFrom('conversations')
    .select('status')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  // What the desk did last may still wait for its turn.
  const before = await trx
    .selectFrom('inbox')
    .select('kind')
    .where('conversation_id', '=', conversationId)
    .where('status', 'in', ['new', 'running'])
    .where('kind', 'in', ['take-over', 'agent-reply', 'hand-back', 'close'])
    .where('id', '!=', inboxId)
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  if (before?.kind === 'hand-back' || before?.kind === 'close') return before.kind
  if (before || status === 'with_human') return undefined
  return status === 'closed' ? 'close' : 'hand-back'
}
