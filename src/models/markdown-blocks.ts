/** A paragraph cut into sentences, a list into its items, or a table into its rows; plain text without marks. */
export interface MarkdownBlock {
  kind: 'sentences' | 'steps' | 'bullets' | 'rows'
  items: string[]
  /** The nearest heading inside the text; undefined before the first. */
  heading?: string | undefined
}

const listItem = /^\s*(?:(\d+)[.)]|[-*+])\s+(.*)$/
const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*$/

/** Cuts Markdown into blocks of whole sentences, in order; code and images are left out. */
export function markdownBlocks(markdown: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = []
  let under: string | undefined
  let paragraph: string[] = []
  let table: string[][] = []
  const close = () => {
    if (paragraph.length > 0)
      blocks.push({ kind: 'sentences', items: sentencesOf(plain(paragraph.join(' '))), heading: under })
    if (table.length > 0) blocks.push({ kind: 'rows', items: rowsOf(table), heading: under })
    paragraph = []
    table = []
  }
  for (const line of markdown.replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '').split(/\r?\n/)) {
    const title = heading.exec(line)
    const item = listItem.exec(line)
    const last = blocks.at(-1)
    if (title) {
      close()
      under = plain(title[1] ?? '')
    } else if (item) {
      close()
      const kind = item[1] ? 'steps' : 'bullets'
      const text = plain(item[2] ?? '')
      const open = blocks.at(-1)
      if (open?.kind === kind && open.heading === under) open.items.push(text)
      else blocks.push({ kind, items: [text], heading: under })
    } else if (/^\s*\|/.test(line)) {
      if (table.length === 0) close()
      table.push(cellsOf(line))
    } else if (line.trim() === '') close()
    else if (/^\s+\S/.test(line) && paragraph.length === 0 && (last?.kind === 'steps' || last?.kind === 'bullets')) {
      last.items.push(`${last.items.pop()} ${plain(line)}`)
    } else paragraph.push(line.trim())
  }
  close()
  return blocks.filter((block) => block.items.length > 0)
}

const abbreviation = /\b(?:e\.g|i\.e|approx|etc|no|vs|incl|max|min)\.\s*$/i
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  for (const { segment } of segmenter.segment(text)) {
    const open = sentences.at(-1)
    // A break after "e.g." or before a lower-case word is none.
    if (open !== undefined && (abbreviation.test(open) || /^\p{Ll}/u.test(segment))) {
      sentences[sentences.length - 1] = open + segment
    } else sentences.push(segment)
  }
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '')
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => plain(cell))
}

function rowsOf(table: string[][]): string[] {
  const [head = [], ...rest] = table
  const rows = rest.filter((row) => !row.every((cell) => /^:?-*:?$/.test(cell)))
  return rows.map(([first = '', ...cells]) => {
    const named = cells.map((cell, index) => [head[index + 1], cell].filter(Boolean).join(' '))
    return `${first}: ${named.join('; ')}.`
  })
}

function plain(markdown: string): string {
  return markdown
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\*\*(.+?)\*\*|__(.+?)__/g, '$1$2')
    .replace(/(^|[\s(])[*_](\S(?:[^*_]*\S)?)[*_](?=[\s.,;:!?)]|$)/g, '$1$2')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}
