import type { DocumentText } from './document.ts'
import { articleFrom } from './fields.ts'
import type { LoadedFile, Loader, SourceFile } from './loader.ts'
import { decodeText, kindOf } from './text.ts'

/** Reads a page; its encoding is what it declares, else UTF-8. */
export const loadHtml: Loader = async (file, documents) => {
  const start = Buffer.from(file.bytes.subarray(0, 2048)).toString('latin1')
  const charset = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1]
  const page = new TextEncoder().encode(decodeText(file.bytes, charset))
  return articleOf(file, await documents.read('html', page))
}

/** Reads a PDF. */
export const loadPdf: Loader = async (file, documents) => {
  refuseOthers(file.bytes, 'a PDF')
  return articleOf(file, await documents.read('pdf', file.bytes))
}

/** Reads a Word document. */
export const loadDocx: Loader = async (file, documents) => {
  refuseOthers(file.bytes, 'an archive (a Word document is one)', 'a Word document')
  return articleOf(file, await documents.read('docx', file.bytes))
}

function refuseOthers(bytes: Uint8Array, wanted: string, called = wanted): void {
  const kind = kindOf(bytes)
  if (kind !== wanted) throw new Error(`it is not ${called}${kind ? ` but ${kind}` : ''}`)
}

function articleOf(file: SourceFile, { title, language, fields, markdown }: DocumentText): LoadedFile {
  const given = { ...(language && { language }), ...fields }
  return articleFrom(file, { given, text: markdown, title })
}
