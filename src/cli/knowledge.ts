import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { dayOf } from '../../knowledge/applies.ts'
import type { Conflict } from '../../knowledge/conflicts/conflicts.ts'
import type { IngestReport } from '../../knowledge/ingest.ts'
import type { ScoredPassage, SearchOptions } from '../../knowledge/passage.ts'
import type { createArticles } from '../app.ts'
import { type Config, loadConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { post } from './post.ts'
import { progressBar } from './progress.ts'

/** `baton ingest` and `baton search`. */
export function addKnowledgeCommands(program: Command): void {
  program
    .command('ingest')
    .description('bring the store up to date with files and folders; only what changed is written')
    .argument('[path...]', 'Markdown, HTML, PDF, DOCX or JSONL files, local sitemaps, or folders of them')
    .option('--check', 'write nothing: list contradictions and overdue reviews of the articles in the store')
    .option('--strict', 'exit 1 when articles contradict each other or a review is overdue')
    .option('--json', 'the report as one JSON object on stdout')
    .action(
      async (paths: string[], options: { check?: boolean; strict?: boolean; json?: boolean }, command: Command) => {
        if (options.check === true ? paths.length > 0 : paths.length === 0)
          command.error(options.check ? 'error: --check takes no paths' : "error: missing required argument 'path'", {
            exitCode: 2,
          })
        const config = loadConfig()
        const findings = options.check ? await withArticles(config, ({ checkArticles }) => checkArticles()) : undefined
        const report = findings
          ? undefined
          : await ingestAnywhere(
              config,
              paths.map((path) => resolve(path)),
            )
        const { conflicts, overdue } = (findings ?? report) as Findings
        for (const { source, problem } of report?.problems ?? []) process.stderr.write(`${source}: ${problem}\n`)
        for (const conflict of conflicts) process.stderr.write(inWords(conflict))
        for (const { source, title, reviewBy } of overdue)
          process.stderr.write(`${source}: the review of "${title}" was due on ${reviewBy}\n`)
        if (options.json) process.stdout.write(`${JSON.stringify(findings ?? report)}\n`)
        else if (report) process.stdout.write(counts(report))
        else process.stdout.write(`${conflicts.length} contradictions, ${overdue.length} overdue reviews\n`)
        const found = conflicts.length + overdue.length > 0
        if ((report?.problems.length ?? 0) > 0 || (options.strict && found)) process.exitCode = 1
      },
    )

  program
    .command('search')
    .description('what a specialist would be given')
    .argument('<query>')
    .option('--scope <scope>', 'only this scope (repeatable)', (scope, before: string[] = []) => [...before, scope])
    .option('--as-of <date>', 'what was valid on this day; today unless told', moment)
    .option('--region <region>', 'leave out what is for other regions')
    .option('--plan <plan>', 'leave out what is for other plans')
    .option('--language <language>', 'only passages in this language')
    .option('--limit <n>', 'passages at most', count, 5)
    .option('--json', 'one JSON array on stdout')
    .action(async (query: string, { scope, json, ...options }: SearchArguments) => {
      const asked = { ...options, ...(scope && { scopes: scope }) }
      const passages = await withArticles(loadConfig(), ({ knowledge }) => knowledge.search(query, asked))
      if (json) process.stdout.write(`${JSON.stringify(passages)}\n`)
      else process.stdout.write(passages.length === 0 ? 'Nothing found.\n' : passages.map(paragraph).join('\n'))
    })
}

interface SearchArguments extends Omit<SearchOptions, 'scopes' | 'withOpening'> {
  scope?: string[]
  json?: boolean
}

type Findings = Pick<IngestReport, 'conflicts' | 'overdue'>

function counts({ added, changed, unchanged, removed }: IngestReport): string {
  return `${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed\n`
}

function inWords({ first, second }: Conflict): string {
  return `${first.source} and ${second.source} contradict each other:\n  ${first.sentence}\n  ${second.sentence}\n`
}

function moment(text: string): string {
  try {
    dayOf(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
  return text
}

function count(text: string): number {
  const n = Number(text)
  if (!Number.isInteger(n) || n < 1 || n > 100) throw new InvalidArgumentError('a whole number from 1 to 100')
  return n
}

async function ingestAnywhere(config: Config, paths: string[]): Promise<IngestReport> {
  const [{ createApp }, { runningServer }] = await Promise.all([import('../app.ts'), import('./running-server.ts')])
  const server = await runningServer(config)
  if (server) {
    const headers = { Authorization: `Bearer ${server.token}` }
    return (await post<IngestReport>(new URL('/v1/owner/ingest', server.url), { paths }, headers)).answer
  }
  const app = await createApp(config, { log: createLog('warn') })
  const bar = progressBar('Articles')
  try {
    return await app.ingest(paths, bar.update)
  } finally {
    bar.stop()
    await app.stop()
  }
}

type Articles = Pick<ReturnType<typeof createArticles>, 'knowledge' | 'checkArticles'>

/** Beside the process that owns a SQLite file it only reads; a store without any article gets the shop's first. */
async function withArticles<T>(config: Config, read: (articles: Articles) => Promise<T>): Promise<T> {
  const [{ createApp, createArticles }, { isSqliteOwned, openSqliteReadOnly }] = await Promise.all([
    import('../app.ts'),
    import('../database/sqlite.ts'),
  ])
  const log = createLog('warn')
  const path = config.databaseUrl.replace(/^file:/, '')
  if (config.databaseUrl.startsWith('file:') && isSqliteOwned(path)) {
    const db = openSqliteReadOnly(path)
    try {
      const articles = createArticles(config, { db, log })
      const answer = await read(articles)
      await articles.knowledge.close()
      return answer
    } finally {
      await db.destroy()
    }
  }
  const app = await createApp(config, { log })
  try {
    await app.knowledge.refresh()
    if (app.knowledge.size().articles === 0) await app.ingest([config.articlesDir])
    return await read(app)
  } finally {
    await app.stop()
  }
}

function paragraph({ title, headings, articleId, version, support, text }: ScoredPassage): string {
  return `${[title, ...headings].join(' › ')}  (${articleId} v${version}, support ${support.toFixed(2)})\n${text}\n`
}
