import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Kysely } from 'kysely'
import { loadConfig } from '../config.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'

/** `baton test-from`: a conversation of the database as a test for `baton simulate`. */
export function addTestFromCommand(program: Command): void {
  program
    .command('test-from')
    .description('a real conversation as a conversation test, with what is personal replaced by stand-ins of the demo')
    .argument('<conversation>', 'its id')
    .option('--out <file>', 'write it there instead of to stdout; a file that is there is left alone')
    .option('--json', 'one JSON object on stdout: the test as text, and how much was masked')
    .action(async (id: string, { out, json }: { out?: string; json?: boolean }) => {
      const { testFrom } = await import('../simulate/test-from.ts')
      const { yaml, masked } = await reading((db) => testFrom(db, id))
      if (out)
        await writeFile(out, yaml, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
          throw new AppError(
            'test_from.not_written',
            400,
            `${out}: ${error.code === 'EEXIST' ? 'it is there already' : error.message}`,
          )
        })
      if (json) process.stdout.write(`${JSON.stringify({ test: yaml, masked })}\n`)
      else if (!out) process.stdout.write(yaml)
      const kinds = Object.entries(masked).map(([kind, count]) => `${count} × ${kind}`)
      process.stderr.write(
        `Masked: ${kinds.join(', ') || 'nothing was found'}. Names that nothing announces are not found: read it before you share it.\n`,
      )
    })
}

/** Reads beside whoever owns the database; nothing is written. */
async function reading<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  const { databaseUrl } = loadConfig()
  if (databaseUrl.startsWith('file:')) {
    const [{ existsSync }, { openSqliteReadOnly }] = await Promise.all([
      import('node:fs'),
      import('../database/sqlite.ts'),
    ])
    const path = databaseUrl.replace(/^file:/, '')
    if (!existsSync(path)) throw new AppError('test_from.no_database', 400, `${path}: there is no such database.`)
    const db = openSqliteReadOnly(path)
    return work(db).finally(() => db.destroy())
  }
  const { openDatabase } = await import('../database/database.ts')
  const database = await openDatabase(databaseUrl, createLog('warn'))
  return work(database.db).finally(() => database.close())
}
