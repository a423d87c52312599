import { setImmediate as nextTick } from 'node:timers/promises'
import { articleOfRow } from './fields.ts'
import type { LoadedFile, Loader } from './loader.ts'
import { decodeText } from './text.ts'

const LINES_A_TICK = 200

/** Reads one article a line, `{ id, title, text, scope? … }`; a broken line does not stop the others. */
export const loadJsonl: Loader = async ({ bytes, source }) => {
  const loaded: LoadedFile = { articles: [], problems: [] }
  for (const [index, line] of decodeText(bytes).split('\n').entries()) {
    if (index % LINES_A_TICK === 0) await nextTick()
    if (line.trim() === '') continue
    try {
      loaded.articles.push(articleOfRow(parsed(line), source))
    } catch (error) {
      loaded.problems.push({ source: `${source}:${index + 1}`, problem: (error as Error).message })
    }
  }
  return loaded
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new Error(`not JSON: ${(error as Error).message}`)
  }
}
