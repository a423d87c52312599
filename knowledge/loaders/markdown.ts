import { parse } from 'yaml'
import { articleFrom } from './fields.ts'
import type { Loader } from './loader.ts'
import { decodeText } from './text.ts'

/** Reads Markdown with YAML front matter. Without a `title` the first heading is the title. */
export const loadMarkdown: Loader = async (file) => {
  const { head, body } = partsOf(decodeText(file.bytes))
  if (head === undefined) throw new Error('the front matter is opened with --- but never closed')
  return articleFrom(file, { given: readYaml(head, 'the front matter'), text: body })
}

/**
 * The fields that YAML gives.
 * @throws {Error} in words for people, naming `what`
 */
export function readYaml(text: string, what: string): unknown {
  try {
    return parse(text) ?? {}
  } catch (error) {
    throw new Error(`${what} is not YAML: ${(error as Error).message.split('\n')[0]}`)
  }
}

function partsOf(text: string): { head: string | undefined; body: string } {
  const plain = text.replaceAll('\r\n', '\n')
  if (!/^---[ \t]*\n/.test(plain)) return { head: '', body: plain.trim() }
  const match = /^---[ \t]*\n([\s\S]*?)^---[ \t]*$/m.exec(plain)
  return { head: match?.[1], body: match ? plain.slice(match[0].length).trim() : '' }
}
