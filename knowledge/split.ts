import { MarkdownTextSplitter } from '@langchain/textsplitters'

/** A piece of an article's text with the headings it stands under. */
export interface Piece {
  headings: string[]
  text: string
}

/** No passage is longer than this many characters. */
export const PASSAGE_CHARACTERS = 1200

/**
 * Cuts Markdown into pieces: one a section, and a section longer than a passage where its paragraphs, then sentences,
 * then words end. A piece never crosses a heading. Headings carry over, outermost first; one that repeats the title
 * does not.
 */
export async function splitMarkdown(markdown: string, title: string): Promise<Piece[]> {
  const splitter = new MarkdownTextSplitter({ chunkSize: PASSAGE_CHARACTERS, chunkOverlap: 0, keepSeparator: true })
  splitter.separators = ['\n\n', '\n', '. ', ' ', '']
  const pieces: Piece[] = []
  for (const section of sectionsOf(markdown)) {
    const headings = section.headings.filter((heading) => heading !== '' && heading !== title)
    for (const text of await splitter.splitText(section.text)) {
      const clean = text.replace(/^\. /, '').trim()
      if (clean !== '') pieces.push({ headings, text: clean })
    }
  }
  return pieces
}

/** The sections of Markdown, each with the headings it stands under; of skipped levels the heading is empty. */
export function sectionsOf(markdown: string): Piece[] {
  const sections: Piece[] = []
  let headings: string[] = []
  let lines: string[] = []
  let fence = ''
  const close = () => {
    const text = lines.join('\n').trim()
    if (text !== '') sections.push({ headings, text })
    lines = []
  }
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark && fence === '') fence = mark
    else if (mark?.startsWith(fence)) fence = ''
    const heading = fence === '' && /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line)
    if (!heading) {
      lines.push(line)
      continue
    }
    close()
    const [, marks = '', name = ''] = heading
    // Padded, so that a level that was skipped does not make later siblings look like children.
    headings = [...Array.from({ length: marks.length - 1 }, (_, level) => headings[level] ?? ''), name]
  }
  close()
  return sections
}
