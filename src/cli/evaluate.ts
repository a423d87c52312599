import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { loadSpecialists } from '../../graphs/specialists.ts'
import { loadConfig } from '../config.ts'
import { conclude, type FigureOptions, readRows, withFigures } from './figures.ts'
import { progressBar } from './progress.ts'
import { scratchFolder } from './scratch-folder.ts'

/** `baton eval …`: figures on labelled files, with a constant answer beside them. */
export function addEvalCommands(program: Command): void {
  const group = program.command('eval').description('figures on labelled data')
  const labelled = z.looseObject({ text: z.string(), label: z.string() })

  withFigures(
    group
      .command('routing <file>')
      .description('rows {text,label}')
      .option('--leave-one-out <field>', 'figures of each value of this field, the rest having chosen the threshold'),
  ).action(async (file: string, options: FigureOptions & { leaveOneOut?: string }, command: Command) => {
    const rows = await readRows(file, labelled)
    const router = await localRouter()
    const { evaluateRouting } = await import('../../graphs/routing/evaluate.ts')
    const figures = evaluateRouting(rows, router)
    if (options.leaveOneOut === undefined) return conclude(figures, options, command)
    const { evaluateLeftOut } = await import('../../graphs/routing/evaluate-left-out.ts')
    const field = options.leaveOneOut
    const groups = rows.map((row) => String(row[field] ?? 'none'))
    conclude({ ...figures, leftOut: evaluateLeftOut(rows, groups, router) }, options, command)
  })
  withFigures(group.command('dialogues <file>').description('rows {turns:[{text,owner,kind}]}')).action(
    async (file: string, options: FigureOptions, command: Command) => {
      const turn = z.looseObject({ text: z.string(), owner: z.string().nullable(), kind: z.string() })
      const rows = await readRows(file, z.looseObject({ turns: z.array(turn) }))
      const { evaluateDialogues } = await import('../../graphs/routing/evaluate-dialogues.ts')
      conclude(evaluateDialogues(rows, await localRouter()), options, command)
    },
  )
  withFigures(
    group.command('escalation <file>').description('rows {text,label}: asks_human, abusive, frustrated, not_abusive'),
  ).action(async (file: string, options: FigureOptions, command: Command) => {
    const rows = await readRows(file, labelled)
    const { evaluateEscalation } = await import('../../graphs/routing/evaluate-escalation.ts')
    conclude(evaluateEscalation(rows, await localRouter()), options, command)
  })
  withFigures(
    group.command('injections <file>').description('rows {text,label}, 1 = attack, against the whole application'),
  ).action(async (file: string, options: FigureOptions, command: Command) => {
    const rows = await readRows(
      file,
      z.looseObject({ text: z.string().min(1), label: z.union([z.literal(0), z.literal(1)]) }),
    )
    conclude(await measureInjections(rows), options, command)
  })
  withFigures(
    group
      .command('retrieval')
      .description(
        'a corpus {id,title,text} or folder of articles, and queries {query,relevant:[id]}, in a store of its own',
      )
      .requiredOption('--corpus <path>')
      .requiredOption('--queries <file>'),
  ).action(async (options: FigureOptions & { corpus: string; queries: string }, command: Command) => {
    const corpus = (await isFolder(options.corpus))
      ? options.corpus
      : await readRows(options.corpus, z.looseObject({ id: z.string(), title: z.string(), text: z.string() }))
    const queries = await readRows(options.queries, z.looseObject({ query: z.string(), relevant: z.array(z.string()) }))
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

async function measureInjections(rows: { text: string; label: number }[]) {
  const { evaluateInjections } = await import('../simulate/injections/evaluate-injections.ts')
  await using folder = await scratchFolder()
  const bar = progressBar('Attacks')
  try {
    return await evaluateInjections(rows, loadConfig(), folder.path, (done, total) =>
      bar.update({ done: Math.floor(done), total }),
    )
  } finally {
    bar.stop()
  }
}

async function localRouter() {
  const { createLocalRouter } = await import('../../graphs/routing/local-router.ts')
  return createLocalRouter({ specialists: await loadSpecialists() })
}
