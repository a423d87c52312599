import { Fragment, type ReactNode } from 'react'
import { type Block, type Inline, parseMarkdown } from './markdown.ts'

/** A reply as React elements: text can never become markup. `source` draws a marker like `[1]`, or null for its words. */
export function RichText({ text, source }: { text: string; source?: (number: number) => ReactNode }) {
  return <div className="rich-text">{parseMarkdown(text).map((block, index) => renderBlock(block, index, source))}</div>
}

function renderBlock(block: Block, index: number, source?: (number: number) => ReactNode): ReactNode {
  const inline = (parts: Inline[]) => parts.map((part, place) => renderInline(part, place, source))
  if (block.kind === 'code') return <pre key={index}>{block.text}</pre>
  if (block.kind === 'list') {
    const items = block.items.map((item, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the text only grows at its end, so places are stable
      <li key={place} dir="auto">
        {inline(item)}
      </li>
    ))
    return block.ordered ? (
      <ol key={index} start={block.start}>
        {items}
      </ol>
    ) : (
      <ul key={index}>{items}</ul>
    )
  }
  return (
    <p key={index} dir="auto" className={block.kind === 'heading' ? 'heading' : undefined}>
      {inline(block.parts)}
    </p>
  )
}

function renderInline(part: Inline, index: number, source?: (number: number) => ReactNode): ReactNode {
  switch (part.kind) {
    case 'bold':
      return <strong key={index}>{part.parts.map((inner, place) => renderInline(inner, place, source))}</strong>
    case 'italic':
      return <em key={index}>{part.parts.map((inner, place) => renderInline(inner, place, source))}</em>
    case 'code':
      return <code key={index}>{part.text}</code>
    case 'link':
      return (
        <a key={index} href={part.text} target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
          {part.text}
        </a>
      )
    case 'source':
      // The word joiner keeps the marker on the line of the word it belongs to.
      return (
        <Fragment key={index}>
          {'\u2060'}
          {source?.(Number(part.text)) ?? `[${part.text}]`}
        </Fragment>
      )
    default:
      return <Fragment key={index}>{part.text}</Fragment>
  }
}
