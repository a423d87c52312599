import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Icon } from './icons.tsx'
import type { Citation } from './protocol.ts'
import { RichText } from './rich-text.tsx'

/** A reply's text with its sources below: a marker in the text leads to its chip, a chip opens the quoted sentence. */
export function Reply({ text, citations }: { text: string; citations: Citation[] }) {
  const id = useId()
  const [open, setOpen] = useState<number | null>(null)
  const chips = useRef(new Map<number, HTMLButtonElement>())
  const panel = useRef<HTMLElement>(null)
  const opened = open === null ? undefined : citations[open - 1]

  useEffect(() => {
    if (open !== null) panel.current?.scrollIntoView({ block: 'nearest' })
  }, [open])

  function close() {
    if (open !== null) chips.current.get(open)?.focus()
    setOpen(null)
  }

  function marker(number: number): ReactNode {
    const citation = citations[number - 1]
    if (!citation) return null
    return (
      <a
        className="marker"
        href={`#${id}-${number}`}
        aria-label={`Source ${number}: ${citation.title}`}
        onClick={(event) => {
          event.preventDefault()
          setOpen(number)
          chips.current.get(number)?.focus()
        }}
      >
        {number}
      </a>
    )
  }

  return (
    <>
      <RichText text={text} source={marker} />
      {citations.length > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the panel from any control inside
        <div className="sources" onKeyDown={(event) => event.key === 'Escape' && close()}>
          <ul className="chips" aria-label="Sources">
            {citations.map((citation, index) => {
              const number = index + 1
              return (
                <li key={`${citation.articleId}-${number}`}>
                  <button
                    type="button"
                    id={`${id}-${number}`}
                    className="chip"
                    aria-expanded={open === number}
                    aria-controls={open === number ? `${id}-quote` : undefined}
                    ref={(element) => {
                      if (element) chips.current.set(number, element)
                      else chips.current.delete(number)
                    }}
                    onClick={() => setOpen(open === number ? null : number)}
                  >
                    <span className="chip-number">{number}</span>
                    <span className="chip-title" dir="auto">
                      {citation.title}
                    </span>
                  </button>
                </li>
              )
            })}
          </ul>
          {opened && (
            <section className="quote" ref={panel} id={`${id}-quote`} aria-label={`Source ${open}`}>
              <h2 dir="auto">{opened.title}</h2>
              {opened.quote && <blockquote dir="auto">{opened.quote}</blockquote>}
              <p className="quote-foot">
                From our articles
                {opened.version && opened.version.length <= 12 && `, version ${opened.version}`}
              </p>
              <button type="button" className="icon-button quote-close" onClick={close} aria-label="Close source">
                <Icon name="close" />
              </button>
            </section>
          )}
        </div>
      )}
    </>
  )
}
