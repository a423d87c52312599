import TurndownService from 'turndown'
import type { DocumentText } from './document.ts'
import type { HtmlElement } from './html-element.ts'
import { addTableRules } from './html-tables.ts'

/** Furniture of a page, and what is there for machines. Headers and footers inside of the content belong to it. */
const DROPPED = `script style noscript template iframe object embed svg canvas video audio nav aside form button select
  input textarea dialog menu link base`.split(/\s+/)
const DROPPED_ROLES = new Set(['navigation', 'banner', 'contentinfo', 'search', 'complementary', 'dialog'])
const LISTS = new Set(['aliases', 'region', 'plan'])
const FIELDS = new Map(
  ['title', 'scope', 'aliases', 'questions', 'validFrom', 'validTo', 'region', 'plan', 'reviewed', 'reviewBy'].map(
    (name) => [name.toLowerCase(), name],
  ),
)

/**
 * Reads a page: its main part where it marks one, without navigation, scripts and forms; headings, lists and tables
 * stay. Nothing in it is run or fetched; links stay only where they lead to the web, pictures as their description.
 * Meta tags with the names of front matter say what the article is.
 */
export function readHtml(html: string): DocumentText {
  const service = new TurndownService({ headingStyle: 'atx', bulletListMarker: '-', codeBlockStyle: 'fenced' })
  // Only what would be read as a heading: other marks are plain characters to whoever reads a passage.
  service.escape = (text) => text.replace(/^#/, '\\#')
  const page = { title: '', headings: [] as string[], main: '', language: '', fields: {} as Record<string, unknown> }
  addTableRules(service)
  service.addRule('title', {
    filter: 'title',
    replacement(content) {
      page.title ||= oneLine(content)
      return ''
    },
  })
  service.addRule('meta', {
    filter: 'meta',
    replacement(_, node) {
      readMeta(node as HtmlElement, page.fields)
      return ''
    },
  })
  service.addRule('first headings', {
    filter: 'h1',
    replacement(content, node) {
      if (!isInFurniture(node)) page.headings.push(oneLine(content))
      return `\n\n# ${oneLine(content)}\n\n`
    },
  })
  service.addRule('question to unfold', {
    filter: 'summary',
    replacement: (content) => `\n\n#### ${oneLine(content)}\n\n`,
  })
  service.addRule('term', { filter: 'dt', replacement: (content) => `\n\n**${oneLine(content)}**\n\n` })
  service.addRule('main', {
    filter: (node) => node.nodeName === 'MAIN' || node.getAttribute('role') === 'main',
    replacement(content) {
      page.main ||= content.trim()
      return `\n\n${content}\n\n`
    },
  })
  service.addRule('link', {
    filter: 'a',
    replacement(content, node) {
      const href = (node as HtmlElement).getAttribute('href') ?? ''
      const text = oneLine(content)
      return /^(https?|mailto|tel):/i.test(href) && text !== '' && text !== href ? `[${text}](${href})` : text
    },
  })
  service.addRule('picture', {
    filter: 'img',
    replacement: (_, node) => oneLine((node as HtmlElement).getAttribute('alt') ?? ''),
  })
  // Added last, so that it is asked first.
  service.addRule('furniture', {
    filter(node: HtmlElement) {
      page.language ||= node.ownerDocument.documentElement?.getAttribute('lang') ?? ''
      return isDropped(node)
    },
    replacement: () => '',
  })
  const whole = service.turndown(html)
  const [heading] = page.headings
  return {
    title: (page.headings.length === 1 ? heading : page.title || heading) || undefined,
    language: page.language || undefined,
    fields: page.fields,
    markdown: tidy(page.main || whole),
  }
}

function isDropped(node: HtmlElement): boolean {
  const name = node.nodeName.toLowerCase()
  if (DROPPED.includes(name)) return true
  if (node.hasAttribute('hidden') || node.getAttribute('aria-hidden') === 'true') return true
  if (/display:\s*none|visibility:\s*hidden/i.test(node.getAttribute('style') ?? '')) return true
  if (DROPPED_ROLES.has(node.getAttribute('role') ?? '')) return true
  return (name === 'header' || name === 'footer') && !isInside(node, isContent)
}

function isInFurniture(node: HtmlElement): boolean {
  return isInside(node, isDropped)
}

function isContent({ nodeName }: HtmlElement): boolean {
  return nodeName === 'MAIN' || nodeName === 'ARTICLE'
}

function isInside(node: HtmlElement, holds: (above: HtmlElement) => boolean): boolean {
  // The document above everything is no element.
  for (let above = node.parentNode; above?.parentNode; above = above.parentNode) if (holds(above)) return true
  return false
}

function readMeta(node: HtmlElement, fields: Record<string, unknown>): void {
  const given = node.getAttribute('name')?.toLowerCase() ?? ''
  const name = given === 'language' ? given : FIELDS.get(given)
  const content = node.getAttribute('content')?.trim() ?? ''
  if (name === undefined || content === '') return
  if (name === 'questions') fields[name] = [...((fields[name] as string[]) ?? []), content]
  else if (LISTS.has(name)) {
    const words = content.split(',').flatMap((word) => word.trim() || [])
    fields[name] = [...((fields[name] as string[]) ?? []), ...words]
  } else fields[name] = content
}

function tidy(markdown: string): string {
  return markdown
    .replaceAll('\u00a0', ' ')
    .replace(/^( *(?:\d+\.|-)) +/gm, '$1 ')
    .replace(/ +$/gm, '')
    .trim()
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
