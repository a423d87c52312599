import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { z } from 'zod'
import { loadSpecialists } from '../../graphs/specialists.ts'
import { parseJsonLines, readInput } from './json-lines.ts'

const row = z.looseObject({ id: z.union([z.string(), z.number()]), text: z.string() })

/** `baton route`: who would answer, without answering. */
export function addRouteCommand(program: Command): void {
  program
    .command('route')
    .description('JSONL {id,text} in, JSONL {id,to,confidence,by} out, decided by the local router')
    .argument('[file]', 'a file; standard input without one')
    .option('--json', 'JSONL on stdout (the only format there is)')
    .action(async (file: string | undefined) => {
      const { rows, problems } = parseJsonLines(file ? await readInput(file) : await readAll(process.stdin), row)
      const { createLocalRouter } = await import('../../graphs/routing/local-router.ts')
      const router = createLocalRouter({ specialists: await loadSpecialists() })
      for (const { id, text } of rows) {
        const { to, confidence, by } = router.route(text)
        process.stdout.write(`${JSON.stringify({ id, to, confidence, by })}\n`)
      }
      for (const problem of problems) process.stderr.write(`${problem}\n`)
      if (problems.length > 0) process.exitCode = 1
    })
}
