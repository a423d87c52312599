import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { createLocalEmbeddings } from '../../knowledge/embeddings.ts'
import type { IngestReport } from '../../knowledge/ingest.ts'
import { createKnowledge } from '../../knowledge/knowledge.ts'
import type { ScoredPassage } from '../../knowledge/passage.ts'
import { createApp } from '../app.ts'
import { type Config, loadConfig } from '../config.ts'
import { createPassageStore } from '../database/passages.ts'
import { isSqliteOwned, openSqliteReadOnly } from '../database/sqlite.ts'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { serverNote } from '../main.ts'
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
    .option('--scope <scope...>', 'only these scopes')
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
  const note = serverNote(config.databaseUrl)
  if (note && isSqliteOwned(note.replace(/\.server\.json$/, ''))) return ingestThroughServer(note, paths)
  const app = await createApp(config, { log: createLog('warn') })
  const bar = progressBar('Articles')
  try {
    return await app.ingest(paths, bar.update)
  } finally {
    bar.stop()
    await app.stop()
  }
}

async function ingestThroughServer(note: string, paths: string[]): Promise<IngestReport> {
  const { url, token } = JSON.parse(await readFile(note, 'utf8')) as { url: string; token: string }
  const response = await fetch(`${url}/v1/owner/ingest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ paths }),
  })
  const body = (await response.json()) as IngestReport & { error?: { code: string; message: string } }
  if (body.error) throw new AppError(body.error.code, response.status, body.error.message)
  return body
}

async function search(
  config: Config,
  query: string,
  { scope, limit }: { scope?: string[]; limit: number },
): Promise<ScoredPassage[]> {
  const options = { limit, withOpening: true, ...(scope && { scopes: scope }) }
  const path = config.databaseUrl.replace(/^file:/, '')
  if (!config.databaseUrl.startsWith('file:') || !isSqliteOwned(path)) {
    const app = await createApp(config, { log: createLog('warn') })
    try {
      if (app.knowledge.size().articles === 0) await app.ingest([config.articlesDir])
      return await app.knowledge.search(query, options)
    } finally {
      await app.stop()
    }
  }
  const db = openSqliteReadOnly(path)
  try {
    return await createKnowledge({ store: createPassageStore(db), embeddings: createLocalEmbeddings() }).search(
      query,
      options,
    )
  } finally {
    await db.destroy()
  }
}

function paragraph({ title, headings, articleId, version, support, text }: ScoredPassage): string {
  return `${[title, ...headings].join(' › ')}  (${articleId} v${version}, support ${support.toFixed(2)})\n${text}\n`
}
