import type { App } from '../app.ts'
import type { LoggedEvent } from '../conversations/event-log.ts'
import { parseMoney } from '../effects/money.ts'
import { type Expectation, matcherOf, type StateExpectation } from './scenario.ts'
import { type Seen, sentIn } from './seen.ts'

/** Something that did not come as it was expected. */
export interface Miss {
  /** `step 2` with what was said in it, or `after`. */
  where: string
  /** The key of the expectation, or the invariant. */
  what: string
  expected: string
  seen: string
}

type Difference = Omit<Miss, 'where'>

/** Compares a step with what it was expected to come to. */
export async function checkStep(expected: Expectation, seen: Seen, app: App): Promise<Difference[]> {
  const { events, text } = seen
  const differences = await checkState(expected, seen, app)
  const differ = (what: string, wanted: unknown, found: unknown) =>
    void differences.push({ what, expected: shown(wanted), seen: shown(found) })

  const routes = dataOf(events, 'route-decided').map(({ route }) => route as RouteFact)
  if (expected.route) {
    const { to, by, clarifies } = expected.route
    const [first] = routes
    const found = first && {
      to: first.to,
      ...(by && { by: first.by }),
      ...(clarifies !== undefined && { clarifies: first.needsClarification === true }),
    }
    const wanted = {
      ...(to ? { to } : { to: first?.to }),
      ...(by && { by }),
      ...(clarifies !== undefined && { clarifies }),
    }
    if (shown(found) !== shown(wanted)) differ('route', expected.route, found ?? 'no route was decided')
  }
  if (expected.asks) {
    const found = routes.at(0)?.asks.map(({ to }) => to) ?? []
    if (found.join() !== expected.asks.join()) differ('asks', expected.asks, found)
  }
  if (expected.handoffs) {
    const found = dataOf(events, 'handed-off').map(({ to }) => String(to))
    if (found.join() !== expected.handoffs.join()) differ('handoffs', expected.handoffs, found)
  }
  if (expected.tools) {
    const found = dataOf(events, 'tool-called').map(({ tool, status }) => ({
      tool: String(tool),
      status: String(status),
    }))
    const fits =
      found.length === expected.tools.length &&
      expected.tools.every(({ tool, status }, i) => tool === found[i]?.tool && (!status || status === found[i]?.status))
    if (!fits) differ('tools', expected.tools, found)
  }
  const replies = sentIn(events)
  if (expected.citations) {
    const cited = replies.flatMap(({ data }) =>
      (data.citations as { articleId: string }[]).map(({ articleId }) => articleId),
    )
    const missing = expected.citations.filter((id) => !cited.includes(id))
    if (missing.length > 0 || (expected.citations.length === 0 && cited.length > 0))
      differ('citations', expected.citations, [...new Set(cited)])
  }
  for (const wanted of expected.contains ?? []) if (!matcherOf(wanted)(text)) differ('contains', wanted, text)
  for (const unwanted of expected.lacks ?? []) if (matcherOf(unwanted)(text)) differ('lacks', unwanted, text)
  if (expected.author) {
    const found = replies.map(({ data }) => (data.author as { name: string }).name)
    if (found.at(-1) !== expected.author) differ('author', expected.author, found)
  }
  if (expected.degraded !== undefined) {
    const found = replies.some(({ data }) => data.degraded === true)
    if (found !== expected.degraded) differ('degraded', expected.degraded, found)
  }
  if (expected.replies !== undefined && replies.length !== expected.replies)
    differ(
      'replies',
      expected.replies,
      replies.map(({ data }) => data.text),
    )
  return differences
}

interface RouteFact {
  to: string
  by: string
  asks: { to: string }[]
  needsClarification?: boolean
}

/** Compares how things stand with how they were expected to. */
export async function checkState(expected: StateExpectation, seen: Seen, app: App): Promise<Difference[]> {
  const differences: Difference[] = []
  const differ = (what: string, wanted: unknown, found: unknown) =>
    void differences.push({ what, expected: shown(wanted), seen: shown(found) })

  if (expected.status && expected.status !== seen.status) differ('status', expected.status, seen.status)
  if (expected.specialist !== undefined && expected.specialist !== seen.specialist)
    differ('specialist', expected.specialist, seen.specialist)
  checkEscalation(expected, seen, differ)
  if (expected.pending) {
    const { pending } = seen
    const found = !pending ? 'none' : pending.kind === 'confirm' ? 'confirm' : `verify-${pending.stage}`
    if (found !== expected.pending) differ('pending', expected.pending, found)
  }
  checkEffects(expected, seen, differ)
  for (const table of expected.tables ?? []) await checkTable(table, app, differ)
  for (const { type, data } of expected.events ?? []) {
    const found = dataOf(seen.events, type)
    if (!found.some((one) => holds(one, data)))
      differ(`event ${type}`, data, found.length > 0 ? found : 'there is none')
  }
  for (const type of expected.noEvents ?? []) {
    const found = dataOf(seen.events, type)
    if (found.length > 0) differ(`no event ${type}`, 'none', found)
  }
  for (const [what, type] of [
    ['claims', 'claim-made'],
    ['promises', 'promise-made'],
  ] as const) {
    const wanted = expected[what]
    if (!wanted) continue
    const found = dataOf(seen.events, type)
    const missing = wanted.filter((each) => !found.some((one) => matcherOf(each)(JSON.stringify(one))))
    if (missing.length > 0 || (wanted.length === 0 && found.length > 0)) differ(what, wanted, found)
  }
  return differences
}

type Differ = (what: string, wanted: unknown, found: unknown) => void

function checkEscalation({ escalation: wanted }: StateExpectation, { escalations }: Seen, differ: Differ): void {
  if (!wanted) return
  const last = escalations.at(-1)
  if (wanted === 'none') {
    if (last && last.status !== 'closed') differ('escalation', 'none', last)
    return
  }
  const fits =
    last &&
    (!wanted.reason || wanted.reason === last.reason) &&
    (!wanted.status || wanted.status === last.status) &&
    (!wanted.by || wanted.by === last.agent)
  if (!fits) differ('escalation', wanted, last ?? 'none')
}

function checkEffects({ effects: wanted }: StateExpectation, { effects }: Seen, differ: Differ): void {
  if (!wanted) return
  const fits =
    wanted.length === effects.length &&
    wanted.every(({ tool, state, amount, code, says = [] }, i) => {
      const found = effects[i]
      const money = amount === undefined ? undefined : parseMoney(amount)
      return (
        found !== undefined &&
        tool === found.tool &&
        (!state || state === found.state) &&
        (!code || code === found.code) &&
        (!money || (money.minor === found.amount?.minor && money.currency === found.amount.currency)) &&
        says.every((each) => matcherOf(each)(found.message ?? ''))
      )
    })
  if (fits) return
  differ(
    'effects',
    wanted,
    effects.map(({ tool, state, amount, code, message }) => ({ tool, state, amount, code, message })),
  )
}

async function checkTable(
  { table, where, count, rows }: NonNullable<StateExpectation['tables']>[number],
  { db }: App,
  differ: Differ,
): Promise<void> {
  let query = db.selectFrom(table as 'shop_orders').selectAll()
  for (const [column, value] of Object.entries(where))
    query = query.where(column as 'number', value === null ? 'is' : '=', value as string)
  const about = `${table} where ${shown(where)}`
  let found: Record<string, unknown>[]
  try {
    found = await query.execute()
  } catch (error) {
    return differ(about, rows ?? count, (error as Error).message)
  }
  const wanted = count ?? rows?.length
  if (wanted !== undefined && found.length !== wanted) return differ(about, rows ?? `${wanted} rows`, found)
  const left = [...found]
  for (const row of rows ?? []) {
    const at = left.findIndex((one) => holds(one, row))
    if (at < 0) return differ(about, row, found)
    left.splice(at, 1)
  }
}

/** The data of the facts of a type. */
function dataOf(events: LoggedEvent[], type: string): Record<string, unknown>[] {
  return events.filter((event) => event.type === type).map(({ data }) => data)
}

/** Whether a row has what is expected of it: texts as words or regular expressions, everything else as it is. */
function holds(row: Record<string, unknown>, wanted: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const found = row[key]
    if (typeof value === 'string' && value.startsWith('/')) return matcherOf(value)(String(found))
    return String(found) === String(value)
  })
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
