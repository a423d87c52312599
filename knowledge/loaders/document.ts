/** The kinds of documents that are turned into Markdown. */
export type DocumentKind = 'html' | 'pdf' | 'docx'

/** What a document says, as Markdown with its headings. */
export interface DocumentText {
  title?: string | undefined
  /** BCP 47, where the document tells. */
  language?: string | undefined
  /** What it says about itself under the names of front matter, not yet checked. */
  fields: Record<string, unknown>
  markdown: string
}
