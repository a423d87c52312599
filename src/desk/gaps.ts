import type { Kysely } from 'kysely'
import { LRUCache } from 'lru-cache'
import { createLocalEmbeddings, type NamedEmbeddings } from '../../knowledge/embeddings.ts'
import type { SearchableKnowledge } from '../../knowledge/knowledge.ts'
import type { Clock } from '../clock.ts'
import type { DraftState, QuestionReason } from '../database/desk-tables.ts'
import type { Tables } from '../database/tables.ts'
import { clusterInOnePass } from './question-clusters.ts'

/** One question of a gap, with personal data masked. */
export interface GapExample {
  conversationId: string
  at: string
  text: string
  reason: QuestionReason
  /** The agent's message that answered it. */
  answerMessageId: string | null
}

/** Questions about the same thing that no article answered. */
export interface Gap {
  /** The id of its first question; any of its questions' ids names it as well. */
  id: string
  /** `closed`: an article was written about it. */
  state: 'open' | 'closed'
  /** The first question, for people. */
  question: string
  count: number
  customers: number
  reasons: Record<QuestionReason, number>
  /** The latest first, no text twice. */
  examples: GapExample[]
  firstSeenAt: string
  lastSeenAt: string
  /** Who was asked most often; null where nobody looked. */
  specialist: string | null
  /** What comes nearest today, though it may be about something else; `support` is 0 to 1. */
  nearest: { articleId: string; title: string; support: number } | null
  /** The latest article that somebody has begun about it. */
  draft: { id: string; state: DraftState } | null
  /** The article that closed it. */
  article: { articleId: string; title: string } | null
}

/** Gaps, the most frequent first, and how much they were made from. */
export interface Gaps {
  gaps: Gap[]
  /** Gaps in all; `gaps` may hold only some of them. */
  total: number
  questions: number
  /** More questions were asked than are read: the oldest are left out. */
  truncated: boolean
}

/** What narrows the gaps. */
export interface GapOptions {
  /** Only questions of the last days, this many; 30 unless told. */
  sinceDays?: number | undefined
  state?: Gap['state'] | undefined
  /** Gaps at most; 50 unless told. */
  limit?: number | undefined
}

const DAYS = 30
const DAY_MS = 86_400_000
const LISTED = 50
const EXAMPLES = 5
/** Questions that are read at most, the latest. */
const MOST_QUESTIONS = 2_000
/** Vectors kept, so that a page that looks again does not embed again. */
const VECTORS_KEPT = 4_000
/**
 * How similar two questions about one thing are. Local embeddings: measured on questions written for it (test/gaps).
 * Embedding models put paraphrases nearer to each other than that.
 */
const LEAST_SIMILAR = { local: 0.35, model: 0.55 }

type Question = Tables['unanswered_questions'] & { customer_id: string }

/**
 * Knowledge gaps: the questions that nothing answered, put together by what they ask (see {@link clusterInOnePass}, over
 * the embeddings of the articles). The same questions always give the same gaps. Where the embeddings fail, local ones
 * take their place.
 */
export function createGaps(options: {
  db: Kysely<Tables>
  clock: Clock
  knowledge: SearchableKnowledge
  embeddings: NamedEmbeddings
}) {
  const { db, clock, knowledge, embeddings } = options
  const local = createLocalEmbeddings()
  const vectors = new LRUCache<string, number[]>({ max: VECTORS_KEPT })

  async function embed(texts: string[], by: NamedEmbeddings): Promise<number[][]> {
    const key = (text: string) => `${by.name}\n${text}`
    const missing = [...new Set(texts.filter((text) => !vectors.has(key(text))))]
    const made = missing.length > 0 ? await by.embedDocuments(missing) : []
    const fresh = new Map(missing.map((text, i) => [text, unit(made[i] ?? [])]))
    for (const [text, vector] of fresh) vectors.set(key(text), vector)
    return texts.map((text) => fresh.get(text) ?? vectors.get(key(text)) ?? [])
  }

  async function clustersOf(questions: Question[]): Promise<Question[][]> {
    const texts = questions.map(({ text }) => text)
    const isLocal = embeddings.name === local.name
    const embedded = await embed(texts, embeddings).catch(() => undefined)
    const least = embedded && !isLocal ? LEAST_SIMILAR.model : LEAST_SIMILAR.local
    const numbers = await clusterInOnePass(embedded ?? (await embed(texts, local)), least)
    const clusters: Question[][] = []
    for (const [i, question] of questions.entries()) {
      const cluster = clusters[numbers[i] ?? 0]
      if (cluster) cluster.push(question)
      else clusters.push([question])
    }
    return clusters
  }

  /** Oldest first, so that what was put together yesterday is together today. */
  async function questionsSince(sinceDays: number) {
    const rows = await db
      .selectFrom('unanswered_questions')
      .innerJoin('conversations', 'conversations.id', 'unanswered_questions.conversation_id')
      .selectAll('unanswered_questions')
      .select('conversations.customer_id')
      .where('at', '>=', clock.now() - sinceDays * DAY_MS)
      .orderBy('at', 'desc')
      .orderBy('unanswered_questions.id', 'desc')
      .limit(MOST_QUESTIONS + 1)
      .execute()
    return { questions: rows.slice(0, MOST_QUESTIONS).reverse(), truncated: rows.length > MOST_QUESTIONS }
  }

  /** What an article closed stays one gap; the rest is put together by what it asks. */
  async function groupsOf(questions: Question[]): Promise<Question[][]> {
    const closed = new Map<string, Question[]>()
    for (const question of questions)
      if (question.article_id) closed.set(question.article_id, [...(closed.get(question.article_id) ?? []), question])
    return [...(await clustersOf(questions.filter(({ article_id }) => article_id === null))), ...closed.values()]
  }

  async function gapOf(questions: Question[]): Promise<Gap> {
    const [first] = questions
    const last = questions.at(-1)
    if (!first || !last) throw new Error('a gap without a question')
    const reasons = { no_passage: 0, missing_knowledge: 0, answered_by_agent: 0 }
    for (const { reason } of questions) reasons[reason] += 1
    const [nearest] = first.article_id ? [] : await knowledge.search(first.text, { limit: 1 })
    const article = first.article_id ? await knowledge.article(first.article_id) : undefined
    return {
      id: first.id,
      state: first.article_id ? 'closed' : 'open',
      question: first.text,
      count: questions.length,
      customers: new Set(questions.map(({ customer_id }) => customer_id)).size,
      reasons,
      examples: examplesOf(questions),
      firstSeenAt: instant(first.at),
      lastSeenAt: instant(last.at),
      specialist: mostFrequent(questions.flatMap(({ specialist }) => specialist ?? [])),
      nearest: nearest ? { articleId: nearest.articleId, title: nearest.title, support: nearest.support } : null,
      draft: await draftOf(questions),
      article: first.article_id ? { articleId: first.article_id, title: article?.title ?? '' } : null,
    }
  }

  async function draftOf(questions: Question[]): Promise<Gap['draft']> {
    const draft = await db
      .selectFrom('draft_articles')
      .select(['id', 'state'])
      .where(
        'question_id',
        'in',
        questions.map(({ id }) => id),
      )
      .orderBy('created_at', 'desc')
      .executeTakeFirst()
    return draft ?? null
  }

  /** All questions of the gap that this question belongs to by now; none where there is no such question. */
  async function questionsWith(questionId: string): Promise<Question[]> {
    const named = await db
      .selectFrom('unanswered_questions')
      .select('at')
      .where('id', '=', questionId)
      .executeTakeFirst()
    if (!named) return []
    // As it is listed, or from its own day on where it is not listed any more.
    const days = Math.max(DAYS, Math.ceil((clock.now() - named.at) / DAY_MS) + 1)
    const groups = await groupsOf((await questionsSince(days)).questions)
    return groups.find((group) => group.some(({ id }) => id === questionId)) ?? []
  }

  return {
    async list({ sinceDays = DAYS, state, limit = LISTED }: GapOptions = {}): Promise<Gaps> {
      const { questions, truncated } = await questionsSince(sinceDays)
      const groups = (await groupsOf(questions))
        .filter(([first]) => state === undefined || (first?.article_id ? 'closed' : 'open') === state)
        .sort((a, b) => b.length - a.length || (b.at(-1)?.at ?? 0) - (a.at(-1)?.at ?? 0))
      const gaps: Gap[] = []
      for (const group of groups.slice(0, limit)) gaps.push(await gapOf(group))
      return { gaps, total: groups.length, questions: questions.length, truncated }
    },

    /** The gap that a question belongs to. */
    async find(questionId: string): Promise<Gap | undefined> {
      const questions = await questionsWith(questionId)
      return questions.length > 0 ? gapOf(questions) : undefined
    },

    /** The ids of all questions of the gap that this one belongs to. */
    async questionIds(questionId: string): Promise<string[]> {
      return (await questionsWith(questionId)).map(({ id }) => id)
    },
  }
}

export type KnowledgeGaps = ReturnType<typeof createGaps>

function examplesOf(questions: Question[]): GapExample[] {
  const byText = new Map<string, Question>()
  for (const question of questions.toReversed())
    if (!byText.has(question.text.toLowerCase())) byText.set(question.text.toLowerCase(), question)
  return [...byText.values()].slice(0, EXAMPLES).map(({ conversation_id, at, text, reason, answer_message_id }) => ({
    conversationId: conversation_id,
    at: instant(at),
    text,
    reason,
    answerMessageId: answer_message_id,
  }))
}

function mostFrequent(names: string[]): string | null {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null
}

function unit(vector: number[]): number[] {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
