import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import billing from '../graphs/specialists/billing.ts'
import returns from '../graphs/specialists/returns.ts'
import techSupport from '../graphs/specialists/tech-support.ts'
import { batonGraph } from './baton-graph.ts'
import { batonSystem } from './baton-system.ts'
import { countFsyncs } from './fsyncs.ts'
import { measureLongThread } from './long-thread.ts'
import { countConversation, type Setting, timeConversations, type Variant, withOpen } from './measure.ts'
import { langgraphSupervisor } from './peers/langgraph-supervisor.ts'
import { langgraphSwarm } from './peers/langgraph-swarm.ts'
import { subAgentsAsTools } from './peers/sub-agents-as-tools.ts'
import { barsOf, markdownOf, type Report, type Row } from './report.ts'
import { timeToolTurns } from './tool-turns.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '7' },
    articles: { type: 'string', default: fileURLToPath(new URL('../knowledge/articles', import.meta.url)) },
    'system-turns': { type: 'string' },
  },
})

/** Everybody only answers: the conversation asks for nothing that would need a business system. */
const specialists = [billing, returns, techSupport].map(({ tools: _, ...specialist }) => specialist)
const setting: Setting = { articles: options.articles, specialists }
const supervisor = langgraphSupervisor('last_message')

const ours: Variant[] = [
  { design: batonGraph, durability: 'async' },
  { design: batonGraph, durability: 'sync' },
  { design: batonSystem, durability: 'sync' },
]
const peers: Variant[] = [supervisor, langgraphSwarm, subAgentsAsTools].flatMap((design) => [
  { design, durability: 'async' as const },
  { design, durability: 'sync' as const },
])
const fullHistory: Variant = { design: langgraphSupervisor('full_history'), durability: 'async' }

/** The long thread: ours has to reach its end; the others' time and storage grow so fast that they get what fits. */
const LONG = {
  system: { turns: 400, seconds: 60 },
  graph: { turns: 400, seconds: 15 },
  peers: { turns: 100, seconds: 10 },
}

/** Refunds in each setting, a customer each. */
const TOOL_TURNS = 40

async function main(): Promise<void> {
  const repetitions = Number(options.repetitions)
  const variants = [...ours, ...peers, fullHistory]
  const rows: Row[] = []
  say('counting')
  for (const variant of variants) {
    const counts = await countConversation(setting, variant)
    rows.push({
      name: variant.design.name,
      durability: variant.durability,
      ...counts,
      median: 0,
      spread: [0, 0],
      cpu: 0,
    })
  }
  demandSameKnowledge(rows)
  say('timing')
  const timings = await timeConversations(setting, variants, repetitions)
  for (const [index, row] of rows.entries()) Object.assign(row, timings[index])
  for (const [index, row] of rows.entries()) {
    const variant = variants[index]
    if (!variant || variant === fullHistory) continue
    if (variant.durability === 'sync' && variant.design !== batonSystem) continue
    say(`one long thread: ${row.name}, ${row.durability}`)
    row.longThread = await measureLongThread(setting, variant, longestOf(variant))
  }
  publish({
    at: new Date().toISOString(),
    node: process.version,
    repetitions,
    rows,
    fsyncsATurn: countFsyncs(fileURLToPath(import.meta.url)),
    shortClosing: await countShortClosing(),
    toolTurns: await timeToolTurns(options.articles, TOOL_TURNS),
    bars: barsOf(rows),
  })
}

function longestOf({ design }: Variant): { turns: number; seconds: number } {
  if (design === batonSystem) return LONG.system
  return design === batonGraph ? LONG.graph : LONG.peers
}

/** @throws {Error} when a design was given less to read than another, so that no ratio rests on that. */
function demandSameKnowledge(rows: Row[]): void {
  const given = new Set(rows.filter(({ name }) => name !== batonSystem.name).map((row) => row.passageCharacters))
  if (given.size !== 1) throw new Error(`bench: the designs read different amounts of knowledge: ${[...given]}`)
}

async function countShortClosing(): Promise<Report['shortClosing']> {
  const counted = []
  for (const design of [supervisor, subAgentsAsTools]) {
    const variant: Variant = { design, durability: 'async', closing: 'Is there anything else?' }
    const { promptCharacters } = await countConversation(setting, variant)
    counted.push({ name: design.name, promptCharacters })
  }
  return counted
}

function publish(report: Report): void {
  const folder = new URL('results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const json = `${JSON.stringify(report, null, 2)}\n`
  const markdown = markdownOf(report)
  writeFileSync(new URL('latest.json', folder), json)
  writeFileSync(new URL('latest.md', folder), markdown)
  process.stdout.write(options.json ? json : markdown)
  if (report.bars.some((bar) => !bar.pass)) process.exitCode = 1
}

/** What `countFsyncs` runs under strace: nothing but so many turns. */
async function runSystemTurns(turns: number): Promise<void> {
  const system = ours.at(-1)
  if (!system) throw new Error('bench: there is no system to run')
  await withOpen(setting, system, 500, async ({ open, conversation }) => {
    const thread = crypto.randomUUID()
    for (let turn = 0; turn < turns; turn++) {
      await open.turn(thread, conversation.turns[turn % conversation.turns.length]?.text ?? '')
    }
  })
}

function say(words: string): void {
  process.stderr.write(`bench: ${words}\n`)
}

await (options['system-turns'] ? runSystemTurns(Number(options['system-turns'])) : main())
