import type { StructuredTextItem } from 'unpdf'

/** A line of a page. */
export interface PdfLine {
  page: number
  /** From the bottom of the page. */
  y: number
  /** Of its largest characters, rounded to half a point. */
  size: number
  text: string
}

const PAGE_NUMBER = /^\W*(?:\p{L}+\W+)?\d+(?:\W+(?:\p{L}+\W+)?\d+)?\W*$/u
const EDGE = 2
const LEAST_PAGES = 3
const MOST = 0.6

/** The lines of a page in the order in which the document gives them. */
export function linesOf(items: StructuredTextItem[], page: number): PdfLine[] {
  const lines: PdfLine[] = []
  let end = 0
  for (const { str, x, y, width, fontSize } of items) {
    if (str.trim() === '') continue
    const size = Math.round(fontSize * 2) / 2
    const line = lines.at(-1)
    if (line && Math.abs(line.y - y) < Math.max(size, line.size) * 0.5 && x >= end - size) {
      const apart = x - end > size * 0.15 && !/\s$/.test(line.text) && !/^\s/.test(str)
      line.text += apart ? ` ${str}` : str
      line.size = Math.max(line.size, size)
    } else lines.push({ page, y, size, text: str })
    end = x + width
  }
  return lines.map((line) => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim() }))
}

/** The pages without headers, footers and page numbers: what stands at the edge of most of them. */
export function withoutFurniture(pages: PdfLine[][]): PdfLine[][] {
  const counts = new Map<string, number>()
  for (const lines of pages) {
    for (const key of new Set(edgesOf(lines).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const isFurniture = (line: PdfLine) => {
    const count = counts.get(keyOf(line)) ?? 0
    return count >= LEAST_PAGES && count >= pages.length * MOST
  }
  return pages.map((lines) => {
    const edges = new Set(edgesOf(lines))
    return lines.filter((line) => !(edges.has(line) && isFurniture(line)))
  })
}

function edgesOf(lines: PdfLine[]): PdfLine[] {
  const down = lines.toSorted((a, b) => b.y - a.y)
  return [...down.slice(0, EDGE), ...down.slice(-EDGE)]
}

function keyOf({ y, text }: PdfLine): string {
  return `${Math.round(y)} ${PAGE_NUMBER.test(text) ? '#' : text}`
}
