import { stat } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { loadSpecialists } from '../../graphs/specialists.ts'
import { AppError } from '../errors.ts'
import { parseJsonLines, readInput } from './json-lines.ts'
import { scratchFolder } from './scratch-folder.ts'

interface Options {
  json?: boolean
  min?: [name: string, least: number][]
}

/** `baton eval …`: figures on labelled files, with a constant answer beside them. */
export function addEvalCommands(program: Command): void {
  const group = program.command('eval').description('figures on labelled data')
  const figures = (command: Command) =>
    command
      .option('--json', 'one JSON object on stdout')
      .option('--min <name=value>', 'exit 1 when this figure is lower (repeatable)', minimum)

  figures(group.command('routing <file>').description('rows {text,label}')).action(
    async (file: string, options: Options, command: Command) => {
      const rows = await read(file, z.looseObject({ text: z.string(), label: z.string() }))
      const { evaluateRouting } = await import('../../graphs/routing/evaluate.ts')
      conclude(evaluateRouting(rows, await localRouter()), options, command)
    },
  )
  figures(group.command('dialogues <file>').description('rows {turns:[{text,owner,kind}]}')).action(
    async (file: string, options: Options, command: Command) => {
      const turn = z.looseObject({ text: z.string(), owner: z.string().nullable(), kind: z.string() })
      const rows = await read(file, z.looseObject({ turns: z.array(turn) }))
      const { evaluateDialogues } = await import('../../graphs/routing/evaluate.ts')
      conclude(evaluateDialogues(rows, await localRouter()), options, command)
    },
  )
  figures(
    group
      .command('retrieval')
      .description(
        'a corpus {id,title,text} or folder of articles, and queries {query,relevant:[id]}, in a store of its own',
      )
      .requiredOption('--corpus <path>')
      .requiredOption('--queries <file>'),
  ).action(async (options: Options & { corpus: string; queries: string }, command: Command) => {
    const corpus = (await isFolder(options.corpus))
      ? options.corpus
      : await read(options.corpus, z.looseObject({ id: z.string(), title: z.string(), text: z.string() }))
    const queries = await read(options.queries, z.looseObject({ query: z.string(), relevant: z.array(z.string()) }))
    conclude(await measureRetrieval(corpus, queries), options, command)
  })
}

async function measureRetrieval(
  corpus: { id: string; title: string; text: string }[] | string,
  queries: { query: string; relevant: string[] }[],
) {
  const [{ createLocalEmbeddings }, { evaluateRetrieval }, { createPassageStore }, { openSqlite }] = await Promise.all([
    import('../../knowledge/embeddings.ts'),
    import('../../knowledge/evaluate.ts'),
    import('../database/passages.ts'),
    import('../database/sqlite.ts'),
  ])
  await using folder = await scratchFolder()
  const database = await openSqlite(`${folder.path}/retrieval.db`)
  try {
    const store = createPassageStore(database.db)
    return await evaluateRetrieval({ corpus, queries, embeddings: createLocalEmbeddings(), store })
  } finally {
    await database.close()
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ?? false
}

async function localRouter() {
  const { createLocalRouter } = await import('../../graphs/routing/local-router.ts')
  return createLocalRouter({ specialists: await loadSpecialists() })
}

async function read<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const { rows, problems } = parseJsonLines(await readInput(file), schema)
  if (problems.length > 0) throw new AppError('eval.bad_file', 400, `${file}\n  ${problems.slice(0, 20).join('\n  ')}`)
  if (rows.length === 0) throw new AppError('eval.empty_file', 400, `${file} has no rows.`)
  return rows
}

function minimum(text: string, before: [string, number][] = []): [string, number][] {
  const [name, value] = text.split('=')
  const least = Number(value)
  if (!name || value === undefined || value === '' || Number.isNaN(least))
    throw new InvalidArgumentError('name=value, such as accuracy=0.9')
  return [...before, [name, least]]
}

function conclude(figures: object, { json, min = [] }: Options, command: Command): void {
  process.stdout.write(json ? `${JSON.stringify(figures)}\n` : table(figures))
  for (const [name, least] of min) {
    const value = name
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], figures)
    if (typeof value !== 'number') command.error(`error: there is no figure ${name}`)
    if (value >= least) continue
    process.stderr.write(`${name} is ${value}, below ${least}\n`)
    process.exitCode = 1
  }
}

function table(figures: object, indent = ''): string {
  return Object.entries(figures)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null
        ? `${indent}${name}\n${table(value, `${indent}  `)}`
        : `${indent}${name.padEnd(20 - indent.length)} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : value}\n`,
    )
    .join('')
}
