import mammoth from 'mammoth'
import type { DocumentText } from './document.ts'
import { readHtml } from './html.ts'
import { xmlParts } from './zip.ts'

/** Unpacked. */
const LARGEST = 48 * 2 ** 20
const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"]

/**
 * Reads a Word document: headings by their styles, lists and tables; pictures, macros, comments and deleted text are
 * left out. Its title is the property, or the first text in the style of a title.
 * @throws {Error} in words for people
 */
export async function readDocx(bytes: Uint8Array): Promise<DocumentText> {
  const parts = xmlParts(bytes, LARGEST)
  if (!parts.has('[Content_Types].xml') || ![...parts.keys()].some((name) => name.startsWith('word/')))
    throw new Error('it is an archive, but not a Word document')
  const { value: html } = await mammoth.convertToHtml(
    { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
    { styleMap: STYLES, convertImage: mammoth.images.imgElement(async () => ({ src: '' })) },
  )
  const { markdown, title } = readHtml(html)
  const core = parts.get('docProps/core.xml')?.toString('utf8') ?? ''
  return { title: elementOf(core, 'dc:title') ?? title, language: elementOf(core, 'dc:language'), fields: {}, markdown }
}

function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity] ?? '').trim() || undefined
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
