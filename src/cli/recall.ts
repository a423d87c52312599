import type { Command } from 'commander'
import { loadConfig } from '../config.ts'
import type { Recall, RecalledConversation, RecallSummary } from '../desk/recalls.ts'
import { days } from './days.ts'

interface Options {
  sinceDays?: number
  all?: boolean
  limit: number
  json?: boolean
}

/** `baton recall`: who was told what an article no longer says. */
export function addRecallCommand(program: Command): void {
  program
    .command('recall')
    .description('conversations that were told what an article no longer says; without one, the articles to look at')
    .argument('[article]', 'an id, such as billing/refund-timing')
    .option('--since <days>', 'only what was told in the last days, this many', days)
    .option('--all', 'also sentences that still stand in the article, word for word')
    .option('--limit <n>', 'conversations at most, the last told first', days, 200)
    .option('--json', 'one JSON object on stdout')
    .action(
      async (article: string | undefined, { since, ...options }: Omit<Options, 'sinceDays'> & { since?: number }) => {
        const given: Options = { ...options, ...(since !== undefined && { sinceDays: since }) }
        const { openDeskReader } = await import('./desk-reader.ts')
        const reader = await openDeskReader(loadConfig())
        try {
          if (article === undefined) showList(await reader.recalls.list(given), given)
          else show(await reader.recalls.find(article, given), given)
        } finally {
          await reader.close()
        }
      },
    )
}

function showList(recalls: RecallSummary[], { json }: Options): void {
  if (json) return void process.stdout.write(`${JSON.stringify({ recalls })}\n`)
  if (recalls.length === 0) return void process.stdout.write('Nobody was told anything that has changed since.\n')
  for (const { articleId, title, version, state, conversations, corrected } of recalls)
    process.stdout.write(
      `${articleId}  ${title}, ${nowOf(state, version)}: ${conversations} conversations, ${corrected} corrected\n`,
    )
}

function show(recall: Recall, { json }: Options): void {
  if (json) return void process.stdout.write(`${JSON.stringify(recall)}\n`)
  const { articleId, title, version, state, total, conversations } = recall
  process.stdout.write(`${title} (${articleId}), ${nowOf(state, version)}: ${total} conversations\n`)
  for (const conversation of conversations) process.stdout.write(paragraph(conversation))
  if (conversations.length < total) process.stderr.write(`${total - conversations.length} more; see --limit\n`)
}

function nowOf(state: Recall['state'], version: number): string {
  if (state === 'current') return `now version ${version}`
  return { ended: 'no longer valid', not_yet: 'not valid yet', removed: 'removed' }[state]
}

function paragraph({ conversationId, customerId, status, told, newToldAt, correction }: RecalledConversation): string {
  const since = [
    correction && `corrected by ${correction.agent} ${correction.at}`,
    newToldAt && `told the new text ${newToldAt}`,
  ].filter(Boolean)
  const head = `\n${conversationId}  ${customerId}, ${[status.replace('_', ' '), ...since].join(', ')}\n`
  const lines = told.map(
    ({ at, author, version, quote, stands }) =>
      `  ${at}  ${author.name}, version ${version}${stands ? ', still stands' : ''}: “${quote}”\n`,
  )
  return head + lines.join('')
}
