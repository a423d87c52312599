import type { Command } from 'commander'
import { loadConfig } from '../config.ts'
import type { Gap } from '../desk/gaps.ts'
import { days } from './days.ts'

/** `baton gaps`: what customers ask and no article answers. */
export function addGapsCommand(program: Command): void {
  program
    .command('gaps')
    .description('questions that no article answered, put together by what they ask, the most frequent first')
    .option('--since <days>', 'only questions of the last days, this many', days, 30)
    .option('--limit <n>', 'gaps at most', days, 50)
    .option('--json', 'one JSON object on stdout')
    .action(async ({ since, limit, json }: { since: number; limit: number; json?: boolean }) => {
      const { openDeskReader } = await import('./desk-reader.ts')
      const reader = await openDeskReader(loadConfig())
      try {
        const found = await reader.gaps.list({ sinceDays: since, limit })
        if (json) return void process.stdout.write(`${JSON.stringify(found)}\n`)
        if (found.gaps.length === 0) process.stdout.write('Every question had an answer.\n')
        for (const gap of found.gaps) process.stdout.write(paragraph(gap))
        if (found.gaps.length < found.total)
          process.stderr.write(`${found.total - found.gaps.length} more; see --limit\n`)
        if (found.truncated) process.stderr.write(`only the latest ${found.questions} questions were read\n`)
      } finally {
        await reader.close()
      }
    })
}

function paragraph({
  question,
  count,
  customers,
  specialist,
  lastSeenAt,
  nearest,
  article,
  draft,
  examples,
}: Gap): string {
  const state = article ? `closed by ${article.articleId}` : draft ? `draft ${draft.id} (${draft.state})` : 'open'
  const near = nearest && !article ? `; nearest ${nearest.articleId} (support ${nearest.support.toFixed(2)})` : ''
  const head = `${count}× by ${customers}, ${specialist ?? 'nobody looked'}, last ${lastSeenAt.slice(0, 10)}, ${state}${near}`
  const others = examples.filter(({ text }) => text !== question).map(({ text }) => `  ${text.replaceAll('\n', ' ')}\n`)
  return `${question.replaceAll('\n', ' ')}\n  ${head}\n${others.join('')}`
}
