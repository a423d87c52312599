import { extractTextItems, getDocumentProxy, getMeta } from 'unpdf'
import type { DocumentText } from './document.ts'
import { linesOf, type PdfLine, withoutFurniture } from './pdf-lines.ts'

const MOST_PAGES = 2000
/** A heading is set at least this much larger than the text. */
const LARGER = 1.15
const LONGEST_HEADING = 120
const LEVELS = 3
/** A blank of this many heights begins a paragraph. */
const PARAGRAPH_GAP = 1.6
/** What word processors write as a title when nobody gave one. */
const NO_TITLE = /^(microsoft word\b.*|untitled.*|.*\.(docx?|pdf|odt|indd|pages)|document\d*|\W*)$/i

/**
 * Reads the text of a PDF. Lines set clearly larger than the rest are headings, what recurs on most pages is dropped.
 * Nothing in it is run. Its title is the property, else its largest heading at the start, else its first line.
 * @throws {Error} in words for people: protected, damaged, or pictures only
 */
export async function readPdf(bytes: Uint8Array): Promise<DocumentText> {
  const pdf = await getDocumentProxy(bytes, { isEvalSupported: false, enableXfa: false, verbosity: 0 }).catch(refuse)
  try {
    if (pdf.numPages > MOST_PAGES) throw new Error(`it has ${pdf.numPages} pages; at most ${MOST_PAGES} are read`)
    const { items } = await extractTextItems(pdf).catch(refuse)
    const lines = withoutFurniture(items.map(linesOf)).flat()
    if (lines.length === 0) throw new Error('it has no text: a scan has to be run through text recognition first')
    const { info } = await getMeta(pdf).catch(() => ({ info: {} as Record<string, unknown> }))
    const sizes = headingSizes(lines)
    const given = String(info.Title ?? '').trim()
    const title = NO_TITLE.test(given) ? firstTitle(lines, sizes) : given
    const language = typeof info.Language === 'string' && info.Language !== '' ? info.Language : undefined
    return { title, language, fields: {}, markdown: asMarkdown(lines, sizes) }
  } finally {
    await pdf.destroy()
  }
}

function refuse(error: Error): never {
  if (error.name === 'PasswordException') throw new Error('it is protected by a password')
  throw new Error(`the file is damaged: ${error.message.split('\n')[0]}`)
}

/** Sizes of headings, largest first: those well above the size that most characters are set in. */
function headingSizes(lines: PdfLine[]): number[] {
  const characters = new Map<number, number>()
  for (const { size, text } of lines) characters.set(size, (characters.get(size) ?? 0) + text.length)
  const [body = 0] = [...characters].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [0, 0])
  return [...characters.keys()].filter((size) => size >= body * LARGER).sort((a, b) => b - a)
}

function isHeading({ size, text }: PdfLine, sizes: number[]): boolean {
  return sizes.includes(size) && text.length <= LONGEST_HEADING && /\p{L}/u.test(text) && !/[.,;:]$/.test(text)
}

function firstTitle(lines: PdfLine[], sizes: number[]): string {
  const heading = lines.slice(0, 10).find((line) => line.size === sizes[0] && isHeading(line, sizes))
  return (heading ?? lines[0])?.text ?? ''
}

function asMarkdown(lines: PdfLine[], sizes: number[]): string {
  const blocks: { text: string; heading: number }[] = []
  let before: PdfLine | undefined
  for (const line of lines) {
    const heading = isHeading(line, sizes) ? Math.min(sizes.indexOf(line.size), LEVELS - 1) + 1 : 0
    const last = blocks.at(-1)
    const near = before?.page === line.page && before.y - line.y < line.size * PARAGRAPH_GAP
    const runsOn = before?.page !== line.page && /[\p{L},]$/u.test(last?.text ?? '') && /^\p{Ll}/u.test(line.text)
    const item = /^[•◦▪‣·*–-]\s+(.*)$/u.exec(line.text)?.[1]
    if (last && last.heading === heading && item === undefined && !/^\d+[.)]\s/.test(line.text) && (near || runsOn)) {
      last.text = joined(last.text, line.text)
    } else blocks.push({ text: item === undefined ? line.text : `- ${item}`, heading })
    before = line
  }
  return blocks
    .map(({ text, heading }) => (heading > 0 ? `${'#'.repeat(heading)} ${text}` : text.replace(/^#/, '\\#')))
    .join('\n\n')
}

/** A word that was divided at the end of a line is one again. */
function joined(text: string, next: string): string {
  return /\p{Ll}-$/u.test(text) && /^\p{Ll}/u.test(next) ? `${text.slice(0, -1)}${next}` : `${text} ${next}`
}
