/** A piece of a line. A link carries its address only when it is a plain https address. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string }
  | { kind: 'source'; text: string }
  | { kind: 'bold'; parts: Inline[] }
  | { kind: 'italic'; parts: Inline[] }

/** A block of a reply. */
export type Block =
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'heading'; parts: Inline[] }
  | List
  | { kind: 'code'; text: string }

interface List {
  kind: 'list'
  ordered: boolean
  start: number
  items: Inline[][]
}

const bullet = /^\s{0,6}[-*+•]\s+(.*)$/
const numbered = /^\s{0,6}(\d{1,3})[.)]\s+(.*)$/
const fence = /^\s*(```|~~~)/

/**
 * Reads the small part of Markdown that a reply may use: paragraphs, lists, headings (shown as bold lines), bold,
 * italic, code, https links and source markers like `[1]`. Everything else, HTML above all, stays plain text; an
 * image leaves only its words. Never throws, whatever the text is.
 */
export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = []
  let paragraph: string[] = []
  let list = null as List | null
  let code = null as string[] | null

  function endParagraph() {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', parts: parseInline(paragraph.join('\n')) })
    paragraph = []
  }

  function addItem(ordered: boolean, start: number, item: string) {
    endParagraph()
    if (list?.ordered !== ordered) {
      list = { kind: 'list', ordered, start, items: [] }
      blocks.push(list)
    }
    list.items.push(parseInline(item))
  }

  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    if (code) {
      if (fence.test(line)) {
        blocks.push({ kind: 'code', text: code.join('\n') })
        code = null
      } else code.push(line)
      continue
    }
    const number = numbered.exec(line)
    const item = bullet.exec(line)
    const heading = /^#{1,6}\s+(.*)$/.exec(line)
    if (fence.test(line)) {
      endParagraph()
      list = null
      code = []
    } else if (number) addItem(true, Number(number[1]), number[2] ?? '')
    else if (item) addItem(false, 1, item[1] ?? '')
    else if (heading) {
      endParagraph()
      list = null
      blocks.push({ kind: 'heading', parts: parseInline(heading[1] ?? '') })
    } else if (line.trim() === '') endParagraph()
    else if (list && paragraph.length === 0 && /^\s/.test(line)) {
      list.items.at(-1)?.push({ kind: 'text', text: '\n' }, ...parseInline(line.trim()))
    } else {
      list = null
      paragraph.push(line.replace(/^>\s?/, ''))
    }
  }
  if (code) blocks.push({ kind: 'code', text: code.join('\n') })
  endParagraph()
  return blocks
}

// Each alternative is bounded and has no nested repetition, so that no text makes it slow.
const inline =
  /`([^`\n]{1,1000})`|\*\*([^*\n](?:[^*\n]|\*(?!\*)){0,1000})\*\*|\*([^*\s][^*\n]{0,1000})\*|!\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)|\[(\d{1,2})\](?!\()|\[([^\]\n]{1,500})\]\(([^)\s]{1,2000})(?:\s[^)\n]{0,500})?\)|(https:\/\/[^\s<>"'`\])]{1,2000})/g

function parseInline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = []
  let from = 0
  for (const match of text.matchAll(inline)) {
    const [whole, code, bold, italic, image, source, label, target, address] = match
    if (match.index > from) {
      const before = text.slice(from, match.index)
      parts.push({ kind: 'text', text: source === undefined ? before : before.trimEnd() })
    }
    from = match.index + whole.length
    if (code !== undefined) parts.push({ kind: 'code', text: code })
    else if (bold !== undefined && depth < 3) parts.push({ kind: 'bold', parts: parseInline(bold, depth + 1) })
    else if (italic !== undefined && depth < 3) parts.push({ kind: 'italic', parts: parseInline(italic, depth + 1) })
    else if (image !== undefined) parts.push({ kind: 'text', text: image })
    else if (source !== undefined) parts.push({ kind: 'source', text: source })
    else if (label !== undefined) parts.push(...labelled(label, target ?? ''))
    else if (address !== undefined) {
      const end = address.replace(/[.,;:!?*_~]+$/, '')
      const link = safeAddress(end)
      parts.push(link ? { kind: 'link', text: link } : { kind: 'text', text: end })
      from -= address.length - end.length
    } else parts.push({ kind: 'text', text: whole })
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

/** The words first, then the address itself: nobody is led anywhere else than where the screen says. */
function labelled(label: string, target: string): Inline[] {
  const link = safeAddress(target)
  if (!link) return [{ kind: 'text', text: label }]
  if (safeAddress(label) === link) return [{ kind: 'link', text: link }]
  return [
    { kind: 'text', text: `${label} (` },
    { kind: 'link', text: link },
    { kind: 'text', text: ')' },
  ]
}

function safeAddress(address: string): string | null {
  if (!/^https:\/\//i.test(address) || !URL.canParse(address)) return null
  const url = new URL(address)
  return url.protocol === 'https:' && !url.username && !url.password ? url.href : null
}

/** The words of a reply without its marks, as a screen reader should say them. */
export function plainText(text: string): string {
  return parseMarkdown(text)
    .map((block) =>
      block.kind === 'code' ? block.text : block.kind === 'list' ? block.items.map(said).join('. ') : said(block.parts),
    )
    .join('\n')
    .replace(/ +([.,;:!?])/g, '$1')
    .trim()
}

function said(parts: Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'source') return ''
      return 'parts' in part ? said(part.parts) : part.text
    })
    .join('')
}
