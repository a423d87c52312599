import type { Kysely, Transaction } from 'kysely'
import { LRUCache } from 'lru-cache'
import { BudgetExceeded, type Budgets } from '../../graphs/budget.ts'
import type { Clock } from '../clock.ts'
import type { Tables } from '../database/tables.ts'

/** What may be spent before a person goes on. */
export interface BudgetLimits {
  turn: { modelCalls: number; toolCalls: number; tokens: number; seconds: number }
  conversation: { modelCalls: number; toolCalls: number; tokens: number }
}

interface Spent {
  modelCalls: number
  toolCalls: number
  tokens: number
}

interface Account extends Spent {
  /** Milliseconds that earlier tries took, and when this one began. */
  earlierMs: number
  since: number
  promptCharacters: number
  /** Of the conversation, before this turn. */
  before: Spent
}

/** Turns that can run at once, with room for those that just ended. */
const KEPT = 1_000
/** Where a provider does not count them: about so many characters are one. */
const CHARACTERS_A_TOKEN = 4

/**
 * Counts in the turn's row, before the money is spent. The first model call of a try is not written: the row of the
 * inbox counts the tries already, and a plain question stays without a write of its own.
 */
export function createBudgets({ db, clock, limits }: { db: Kysely<Tables>; clock: Clock; limits: BudgetLimits }) {
  const accounts = new LRUCache<string, Promise<Account>>({ max: KEPT })

  function accountOf(turn: { turnId: string; conversationId: string }): Promise<Account> {
    const known = accounts.get(turn.turnId)
    if (known) return known
    const opened = openAccount(db, turn, clock.now())
    accounts.set(turn.turnId, opened)
    opened.catch(() => accounts.delete(turn.turnId))
    return opened
  }

  async function save(turnId: string, account: Account): Promise<void> {
    await db.updateTable('turns').set(columnsOf(account, clock.now())).where('id', '=', turnId).execute()
  }

  function demand(account: Account, what: keyof Spent, name: string): void {
    if (account[what] > limits.turn[what]) throw new BudgetExceeded(`${name} a turn`)
    if (account.before[what] + account[what] > limits.conversation[what])
      throw new BudgetExceeded(`${name} a conversation`)
  }

  function demandTime(account: Account): void {
    const spent = account.earlierMs + clock.now() - account.since
    if (spent > limits.turn.seconds * 1_000) throw new BudgetExceeded('seconds a turn')
  }

  const budgets: Budgets = {
    async modelCall(turn, promptCharacters) {
      const account = await accountOf(turn)
      demandTime(account)
      account.promptCharacters = promptCharacters
      demand({ ...account, modelCalls: account.modelCalls + 1 }, 'modelCalls', 'model calls')
      demand(account, 'tokens', 'tokens')
      account.modelCalls += 1
      if (account.modelCalls > 1) await save(turn.turnId, account)
    },
    async modelAnswered(turn, { characters, tokens }) {
      const account = await accountOf(turn)
      account.tokens += tokens ?? Math.ceil((account.promptCharacters + characters) / CHARACTERS_A_TOKEN)
    },
    async toolCall(turn) {
      const account = await accountOf(turn)
      demandTime(account)
      demand({ ...account, toolCalls: account.toolCalls + 1 }, 'toolCalls', 'tool calls')
      account.toolCalls += 1
      await save(turn.turnId, account)
    },
  }

  return {
    ...budgets,

    /** Adds what a turn spent to its conversation, in the transaction that ends the turn. */
    async settle(trx: Transaction<Tables>, turn: { turnId: string; conversationId: string }): Promise<void> {
      const account = await accounts.get(turn.turnId)
      if (!account) return
      accounts.delete(turn.turnId)
      await trx.updateTable('turns').set(columnsOf(account, clock.now())).where('id', '=', turn.turnId).execute()
      await trx
        .updateTable('conversations')
        .set((eb) => ({
          model_calls: eb('model_calls', '+', account.modelCalls),
          tool_calls: eb('tool_calls', '+', account.toolCalls),
          tokens: eb('tokens', '+', account.tokens),
        }))
        .where('id', '=', turn.conversationId)
        .execute()
    },
  }
}

export type TurnBudgets = ReturnType<typeof createBudgets>

async function openAccount(
  db: Kysely<Tables>,
  { turnId, conversationId }: { turnId: string; conversationId: string },
  now: number,
): Promise<Account> {
  const turn = await db
    .selectFrom('turns')
    .select(['model_calls', 'tool_calls', 'tokens', 'spent_ms'])
    .where('id', '=', turnId)
    .executeTakeFirst()
  const conversation = await db
    .selectFrom('conversations')
    .select(['model_calls', 'tool_calls', 'tokens'])
    .where('id', '=', conversationId)
    .executeTakeFirst()
  const tried = await db
    .selectFrom('inbox')
    .select((eb) => eb.fn.max('attempts').as('attempts'))
    .where('turn_id', '=', turnId)
    .executeTakeFirst()
  return {
    modelCalls: Number(turn?.model_calls ?? 0) + Math.max(0, Number(tried?.attempts ?? 0) - 1),
    toolCalls: Number(turn?.tool_calls ?? 0),
    tokens: Number(turn?.tokens ?? 0),
    earlierMs: Number(turn?.spent_ms ?? 0),
    since: now,
    promptCharacters: 0,
    before: {
      modelCalls: Number(conversation?.model_calls ?? 0),
      toolCalls: Number(conversation?.tool_calls ?? 0),
      tokens: Number(conversation?.tokens ?? 0),
    },
  }
}

function columnsOf({ modelCalls, toolCalls, tokens, earlierMs, since }: Account, now: number) {
  return { model_calls: modelCalls, tool_calls: toolCalls, tokens, spent_ms: earlierMs + now - since }
}
