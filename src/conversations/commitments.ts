import type { Kysely, Transaction } from 'kysely'
import type { Commitments } from '../../graphs/commitments.ts'
import type { HandoffPacket } from '../../graphs/handoff-packet.ts'
import type { TrailEntry } from '../../graphs/state.ts'
import type { Tables } from '../database/tables.ts'

type PromiseMade = Extract<TrailEntry, { type: 'promise-made' }>
type ClaimMade = Extract<TrailEntry, { type: 'claim-made' }>

const MOST_PROMISES = 20

/** What was promised and claimed in conversations, read from the rows. */
export function createCommitments({ db }: { db: Kysely<Tables> }): Commitments {
  return {
    async promises(conversationId) {
      const open = await promisesOf(db, conversationId)
      return open.filter(({ status }) => status === 'open').map(({ text, owner, due }) => ({ text, owner, due }))
    },
    async claims(conversationId, limit) {
      const rows = await db
        .selectFrom('events')
        .select('data')
        .where('conversation_id', '=', conversationId)
        .where('type', '=', 'claim-made')
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute()
      return rows.reverse().flatMap(({ data }) => {
        const { values, evidence } = JSON.parse(data) as ClaimMade
        return values.map(({ text }) => ({ text, rests: restsOn(evidence) }))
      })
    },
  }
}

/** The promises of a conversation, the first due first. */
export async function promisesOf(
  db: Kysely<Tables> | Transaction<Tables>,
  conversationId: string,
): Promise<HandoffPacket['promises']> {
  const rows = await db
    .selectFrom('promises')
    .select(['id', 'text', 'owner', 'due_at', 'status'])
    .where('conversation_id', '=', conversationId)
    .orderBy('due_at')
    .limit(MOST_PROMISES)
    .execute()
  return rows.map(({ due_at, ...promise }) => ({ ...promise, due: new Date(due_at).toISOString() }))
}

/** Writes down what was promised in a turn, within the transaction that sends it. */
export async function keepPromises(
  trx: Transaction<Tables>,
  turn: { id: string; conversationId: string },
  trail: TrailEntry[],
  now: number,
): Promise<void> {
  const made = trail.filter((entry): entry is PromiseMade => entry.type === 'promise-made')
  if (made.length === 0) return
  await trx
    .insertInto('promises')
    .values(
      made.map(({ id, text, owner, due }) => ({
        id,
        conversation_id: turn.conversationId,
        turn_id: turn.id,
        text,
        owner,
        status: 'open' as const,
        made_at: now,
        due_at: Date.parse(due),
        settled_at: null,
        settled_by: null,
        note: null,
      })),
    )
    .execute()
}

function restsOn(evidence: ClaimMade['evidence']): string {
  if ('article' in evidence) return `${evidence.article} v${evidence.version}`
  return 'tool' in evidence ? evidence.tool : evidence.by
}
