/** A passage as the specialist's prompt shows it. */
export interface PromptPassage {
  /** What a citation of it says between brackets. */
  id: string
  article: string
  title: string
  /** Empty for the text before an article's first heading. */
  heading: string
  /** Markdown. */
  text: string
}

/** One thing that the customer asks, with what was found about it, best first. */
export interface PromptAsk {
  text: string
  passages: PromptPassage[]
}

const attributes = '((?:\\s+[\\w-]+\\s*=\\s*"[^"]*")*)\\s*'
const askElement = new RegExp(`<ask${attributes}(?:/>|>([\\s\\S]*?)</ask>)`, 'g')
const passageElement = new RegExp(`<passage${attributes}>([\\s\\S]*?)</passage>`, 'g')

/**
 * The asks in a prompt: `<ask text="…">` elements that hold `<passage id article title heading>` elements, attributes
 * and text XML-escaped. Text around them is ignored; a missing attribute is empty; never throws.
 */
export function parseAsks(prompt: string): PromptAsk[] {
  return [...prompt.matchAll(askElement)].map(([, head = '', body = '']) => ({
    text: attributeOf(head, 'text'),
    passages: [...body.matchAll(passageElement)].map(([, passageHead = '', text = '']) => ({
      id: attributeOf(passageHead, 'id'),
      article: attributeOf(passageHead, 'article'),
      title: attributeOf(passageHead, 'title'),
      heading: attributeOf(passageHead, 'heading'),
      text: unescapeXml(text).trim(),
    })),
  }))
}

function attributeOf(head: string, name: string): string {
  return unescapeXml(new RegExp(`\\s${name}\\s*=\\s*"([^"]*)"`).exec(head)?.[1] ?? '')
}

const namedEntities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|quot|apos|amp));/gi, (entity, decimal, hex, name) => {
    if (name) return namedEntities[name.toLowerCase()] ?? entity
    const point = Number.parseInt(decimal ?? hex, decimal ? 10 : 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : entity
  })
}
