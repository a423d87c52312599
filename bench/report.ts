import { type LongThread, WATCHED } from './long-thread.ts'
import type { Counts, Timing } from './measure.ts'
import type { ToolTurn } from './tool-turns.ts'

/** One design in one setting, measured. */
export interface Row extends Counts, Timing {
  name: string
  durability: string
  longThread?: LongThread | undefined
}

/** Everything that one run measured. */
export interface Report {
  at: string
  node: string
  repetitions: number
  rows: Row[]
  /** Of the whole durable turn; undefined: not counted on this machine. */
  fsyncsATurn?: number | undefined
  /** Prompt characters of peers whose supervisor closes in five words instead of repeating the answer. */
  shortClosing: { name: string; promptCharacters: number }[]
  /** Turns that use a tool, with and without what keeps it from happening twice. */
  toolTurns: ToolTurn[]
  bars: Bar[]
}

/** A limit that we set ourselves, with what was measured. */
export interface Bar {
  what: string
  measured: number
  limit: number
  unit: string
  pass: boolean
}

/** Names of our own rows. */
export const OURS = { graph: 'Baton, graph alone', system: 'Baton, whole durable turn' }

/** Name of the row that the limits are set against. */
export const SUPERVISOR = 'langgraph-supervisor'

const LONGEST = Math.max(...WATCHED)

/** Compares what was measured with the limits; what is missing fails. */
export function barsOf(rows: Row[]): Bar[] {
  const row = (name: string, durability?: string) =>
    rows.find((one) => one.name === name && (!durability || one.durability === durability))
  const supervisor = row(SUPERVISOR, 'async')
  const graph = row(OURS.graph, 'async')
  const system = row(OURS.system)
  // A thread that was cut short for time must not pass for a small one.
  const long = system?.longThread?.turns === LONGEST ? system.longThread : undefined
  const at = (turn: number) => long?.millisecondsAt[turn]
  const bar = (what: string, measured = Number.NaN, limit = Number.NaN, unit = ''): Bar => {
    return { what, measured, limit, unit, pass: measured <= limit }
  }
  return [
    bar('model calls a turn', Math.max(graph?.callsATurn ?? Number.NaN, system?.callsATurn ?? Number.NaN), 1.2),
    bar(
      'prompt characters, a fifth of langgraph-supervisor',
      graph?.promptCharacters,
      fifth(supervisor?.promptCharacters),
    ),
    bar('own time of the graph alone, a fifth of langgraph-supervisor', graph?.median, fifth(supervisor?.median), 'ms'),
    bar('own time of the whole durable turn, at most langgraph-supervisor', system?.median, supervisor?.median, 'ms'),
    bar('own time of turn 400, at most twice turn 10', at(400), 2 * (at(10) ?? Number.NaN), 'ms'),
    bar('database of the 400-turn thread', megabytes(long?.bytesStored), 8, 'MB'),
  ]
}

function fifth(value = Number.NaN): number {
  return value / 5
}

function megabytes(bytes = Number.NaN): number {
  return bytes / 1024 / 1024
}

/** The report as Markdown: one table with ratios to our graph alone, and the limits. */
export function markdownOf(report: Report): string {
  const ours = report.rows.find((row) => row.name === OURS.graph) ?? report.rows[0]
  const lines = report.rows.map((row) => {
    const long = row.longThread
    return [
      row.name,
      row.durability,
      withRatio(row.callsATurn, ours?.callsATurn, 1),
      withRatio(row.promptCharacters, ours?.promptCharacters, 0),
      `${withRatio(row.median, ours?.median, 1)} · ${row.spread.map((value) => number(value, 1)).join('–')}`,
      withRatio(row.cpu, ours?.cpu, 1),
      withRatio(row.bytesStored / 1024, ours && ours.bytesStored / 1024, 0),
      WATCHED.map((turn) => number(long?.millisecondsAt[turn], 1)).join(' / '),
      long ? `${number(megabytes(long.bytesStored), 1)} (${long.turns})` : '–',
    ]
  })
  return `# Benchmark

The same 10-turn conversation for every design: five changes of topic, one knowledge search a turn, the same passages,
the same answers, a scripted model without latency. Own time is what is left: orchestration and storage. ${report.at},
Node ${report.node}, medians of ${report.repetitions} interleaved repetitions with quartiles; × is the ratio to our graph alone.

${table(HEADINGS, lines)}

${notesOf(report)}

## A turn that acts

The whole durable turn, through the endpoint, without a model's latency; a customer each.

${table(['turn', '', 'own ms', 'CPU ms'], report.toolTurns.map(toolLine))}

## Limits

${table(['limit', 'measured', 'at most', ''], report.bars.map(barLine))}
`
}

const HEADINGS = [
  'design',
  'durability',
  'model calls a turn',
  'prompt characters, 10 turns',
  'own ms a turn',
  'CPU ms a turn',
  'KB stored, 10 turns',
  'ms at turn 10 / 100 / 400',
  'MB of that thread (turns)',
]

function notesOf({ fsyncsATurn, shortClosing }: Report): string {
  const fsyncs = fsyncsATurn === undefined ? 'not counted (no strace)' : number(fsyncsATurn, 1)
  const closing = shortClosing.map((row) => `${row.name} ${number(row.promptCharacters, 0)}`).join(', ')
  return `Prompt characters: the content of every message and the JSON of every tool definition in each request.
Peers with a supervisor let it repeat the specialist's answer, because its message is the one that the customer gets;
with a closing of five words instead: ${closing}. Fsyncs of our whole durable turn: ${fsyncs}.
Bytes after moving the write-ahead log into the database. Peers' databases run at SqliteSaver's synchronous=NORMAL,
our whole turn at FULL.`
}

function toolLine({ turn, setting, median, cpu }: ToolTurn): string[] {
  return [turn, setting, number(median, 1), number(cpu, 1)]
}

/** A row of the table of limits. */
export function barLine({ what, measured, limit, unit, pass }: Bar): string[] {
  return [what, `${number(measured, 1)} ${unit}`, `${number(limit, 1)} ${unit}`, pass ? 'pass' : '**fail**']
}

function withRatio(value: number, ours: number | undefined, digits: number): string {
  return ours ? `${number(value, digits)} (×${number(value / ours, 1)})` : number(value, digits)
}

/** A number with so many digits behind the point. */
export function number(value: number | undefined, digits: number): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** A Markdown table. */
export function table(headings: string[], rows: string[][]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
