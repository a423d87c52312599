import type { Transaction } from 'kysely'
import { MIN_SUPPORT } from '../../graphs/specialist-node.ts'
import type { Author } from '../../graphs/state.ts'
import { stableId } from '../../graphs/thread.ts'
import { isFunctionWord, wordsOf } from '../../knowledge/words.ts'
import type { QuestionReason } from '../database/desk-tables.ts'
import type { Tables } from '../database/tables.ts'
import type { LoggedEvent } from './event-log.ts'
import { maskPersonalData } from './masked.ts'

/** A question that no article and no tool answered. */
export interface UnansweredQuestion {
  /** The place of its first message in the log. */
  seq: number
  at: number
  /** As the customer wrote it. */
  text: string
  specialist: string | null
  reason: QuestionReason
  /** The agent's last message about it. */
  answerMessageId: string | null
}

/** A question's facts lie at most this far back in its conversation's log. */
const LOOKED_BACK = 200
/** A message to a person that says less asks nothing: “are you there?”. */
const TELLING_WORDS = 2
/** Reasons for which a person was asked although nothing was wrong but that the AI could not answer. */
const LEFT_TO_A_PERSON = new Set(['missing_knowledge', 'low_confidence', 'policy_restriction', 'loop_or_no_progress'])

/**
 * Notes the questions that the turn behind `events` left unanswered, or that an agent answered in it, within the turn's
 * transaction. Personal data is masked before anything is stored. Noting the same facts again changes nothing.
 */
export async function recordQuestions(
  trx: Transaction<Tables>,
  conversationId: string,
  events: LoggedEvent[],
): Promise<void> {
  if (!events.some(mayTellOfOne)) return
  const rows = await trx
    .selectFrom('events')
    .select(['seq', 'at', 'type', 'actor', 'data'])
    .where('conversation_id', '=', conversationId)
    .orderBy('seq', 'desc')
    .limit(Math.max(LOOKED_BACK, events.length))
    .execute()
  const log = rows.reverse().map((row) => ({ ...row, data: JSON.parse(row.data) }))
  const before = questionsIn(log.filter(({ seq }) => seq < (events[0]?.seq ?? 0))).map((known) => JSON.stringify(known))
  const news = questionsIn(log).filter((found) => !before.includes(JSON.stringify(found)))
  for (const { seq, at, text, specialist, reason, answerMessageId } of news) {
    await trx
      .insertInto('unanswered_questions')
      .values({
        id: stableId('question', conversationId, String(seq)),
        conversation_id: conversationId,
        seq,
        at,
        text: maskPersonalData(text),
        specialist,
        reason,
        answer_message_id: answerMessageId,
        article_id: null,
      })
      .onConflict((conflict) =>
        conflict.columns(['conversation_id', 'seq']).doUpdateSet({ reason, answer_message_id: answerMessageId }),
      )
      .execute()
  }
}

function mayTellOfOne({ type, data }: LoggedEvent): boolean {
  if (type === 'passages-used') return supportIn(data) < MIN_SUPPORT
  if (type === 'message-sent') return (data.author as Author).kind === 'agent'
  return type === 'escalation-opened' && LEFT_TO_A_PERSON.has(String(data.reason))
}

/** What a turn did before its reply. */
interface Attempt {
  specialist: string | null
  lookedUp: boolean
  support: number
  acted: boolean
  /** The message asks for a person, greets, or is nothing for this desk. */
  asksNothing: boolean
}

const NO_ATTEMPT: Attempt = { specialist: null, lookedUp: false, support: 0, acted: false, asksNothing: false }

/**
 * Reads the unanswered questions out of a conversation's log, in order. A question is what the customer wrote since the
 * last reply. It counts when the turn looked for passages and found none with enough support, and no tool answered;
 * when a person was asked because the AI could not answer; and when an agent answered it.
 */
export function questionsIn(log: LoggedEvent[]): UnansweredQuestion[] {
  const questions: UnansweredQuestion[] = []
  let waiting: { seq: number; at: number; text: string }[] = []
  let attempt = NO_ATTEMPT
  /** What an agent's next message answers. */
  let open: UnansweredQuestion | undefined
  /** Left by a reply without an answer: a question if a person has to be asked. */
  let left: UnansweredQuestion | undefined
  const corrections: boolean[] = []

  const question = (reason: QuestionReason): UnansweredQuestion | undefined => {
    const [first] = waiting
    const text = waiting.map((message) => message.text).join('\n')
    if (!first || tellingWords(text) === 0) return undefined
    return { seq: first.seq, at: first.at, text, specialist: attempt.specialist, reason, answerMessageId: null }
  }
  const sentByAi = (kind: Author['kind']) => {
    const unsupported = kind === 'specialist' && attempt.lookedUp && attempt.support < MIN_SUPPORT && !attempt.acted
    left = attempt.asksNothing || attempt.acted ? undefined : question('no_passage')
    if (unsupported && left) questions.push(left)
    // A greeting or a request for a person does not settle what was asked before.
    if (!attempt.asksNothing) open = unsupported ? left : undefined
    waiting = []
    attempt = NO_ATTEMPT
  }
  const sentByAgent = (messageId: string) => {
    if (corrections.shift()) return
    const asked = question('answered_by_agent')
    if (asked && tellingWords(asked.text) >= TELLING_WORDS) {
      questions.push(asked)
      open = asked
    }
    if (open && !questions.includes(open)) questions.push(Object.assign(open, { reason: 'answered_by_agent' as const }))
    if (open) open.answerMessageId = messageId
    waiting = []
  }

  for (const { type, seq, at, data } of log) {
    switch (type) {
      case 'message-received':
        waiting.push({ seq, at, text: String(data.text) })
        break
      case 'desk-action-received':
        if (data.kind === 'agent-reply') corrections.push(data.corrects !== undefined)
        break
      case 'route-decided': {
        const { to, courtesy } = data.route as { to: string; courtesy?: string }
        attempt = { ...attempt, asksNothing: courtesy !== undefined || to === 'human' || to === 'out_of_scope' }
        break
      }
      case 'passages-used':
        attempt = {
          ...attempt,
          specialist: String(data.specialist),
          lookedUp: true,
          support: Math.max(attempt.support, supportIn(data)),
        }
        break
      case 'tool-called':
        if (data.ok === true) attempt = { ...attempt, acted: true }
        break
      case 'message-sent': {
        const { kind } = data.author as Author
        if (kind === 'agent') sentByAgent(String(data.id))
        else sentByAi(kind)
        break
      }
      case 'escalation-opened':
        if (!left || !LEFT_TO_A_PERSON.has(String(data.reason))) break
        if (data.reason === 'missing_knowledge') left.reason = 'missing_knowledge'
        if (data.reason === 'missing_knowledge' && !questions.includes(left)) questions.push(left)
        open = left
        break
      default:
        if (type.startsWith('effect-')) attempt = { ...attempt, acted: true }
    }
  }
  return questions
}

function supportIn(data: Record<string, unknown>): number {
  return Math.max(0, ...(data.passages as { support: number }[]).map(({ support }) => support))
}

function tellingWords(text: string): number {
  return wordsOf(text).filter((word) => !isFunctionWord(word) && /\p{L}{2}/u.test(word)).length
}
