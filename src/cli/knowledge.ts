import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { IngestReport } from '../../knowledge/ingest.ts'
import type { ScoredPassage } from '../../knowledge/passage.ts'
import { type Config, loadConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { post } from './post.ts'
import { progressBar } from './progress.ts'

/** `baton ingest` and `baton search`. */
export function addKnowledgeCommands(program: Command): void {
  program
    .command('ingest')
    .description('bring the store up to date with files and folders; only what changed is written')
    .argument('<path...>', 'Markdown or JSONL files, or folders of them')
    .option('--json', 'the report as one JSON object on stdout')
    .action(async (paths: string[], { json }: { json?: boolean }) => {
      const config = loadConfig()
      const report = await ingestAnywhere(
        config,
        paths.map((path) => resolve(path)),
      )
      for (const { source, problem } of report.problems) process.stderr.write(`${source}: ${problem}\n`)
      const { added, changed, unchanged, removed } = report
      if (json) process.stdout.write(`${JSON.stringify(report)}\n`)
      else process.stdout.write(`${added} added, ${changed} changed, ${unchanged} unchanged, ${removed} removed\n`)
      if (report.problems.length > 0) process.exitCode = 1
    })

  program
    .command('search')
    .description('what a specialist would be given')
    .argument('<query>')
    .option('--scope <scope>', 'only this scope (repeatable)', (scope, before: string[] = []) => [...before, scope])
    .option('--limit <n>', 'passages at most', count, 5)
    .option('--json', 'one JSON array on stdout')
    .action(async (query: string, options: { scope?: string[]; limit: number; json?: boolean }) => {
      const passages = await search(loadConfig(), query, options)
      if (options.json) process.stdout.write(`${JSON.stringify(passages)}\n`)
      else process.stdout.write(passages.length === 0 ? 'Nothing found.\n' : passages.map(paragraph).join('\n'))
    })
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

/** Beside the process that owns a SQLite file it only reads; a store without any article gets the shop's first. */
async function search(
  config: Config,
  query: string,
  { scope, limit }: { scope?: string[]; limit: number },
): Promise<ScoredPassage[]> {
  const [{ createApp, createArticles }, { isSqliteOwned, openSqliteReadOnly }] = await Promise.all([
    import('../app.ts'),
    import('../database/sqlite.ts'),
  ])
  const options = { limit, ...(scope && { scopes: scope }) }
  const log = createLog('warn')
  const path = config.databaseUrl.replace(/^file:/, '')
  if (config.databaseUrl.startsWith('file:') && isSqliteOwned(path)) {
    const db = openSqliteReadOnly(path)
    try {
      const { knowledge } = createArticles(config, { db, log })
      return await knowledge.search(query, options)
    } finally {
      await db.destroy()
    }
  }
  const app = await createApp(config, { log })
  try {
    await app.knowledge.refresh()
    if (app.knowledge.size().articles === 0) await app.ingest([config.articlesDir])
    return await app.knowledge.search(query, options)
  } finally {
    await app.stop()
  }
}

function paragraph({ title, headings, articleId, version, support, text }: ScoredPassage): string {
  return `${[title, ...headings].join(' › ')}  (${articleId} v${version}, support ${support.toFixed(2)})\n${text}\n`
}
