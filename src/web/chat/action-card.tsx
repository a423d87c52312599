import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { Card, CardItem, Outcome } from './cards.ts'
import { Icon } from './icons.tsx'
import { moneyWords } from './money.ts'

/** The exact actions that the customer says yes or no to; afterwards what became of each. */
export function ActionCard({ card, onAnswer }: { card: Card; onAnswer: (words: string) => void }) {
  const frame = useRef<HTMLFieldSetElement>(null)
  return (
    <fieldset className={card.live ? 'card live' : 'card'} ref={frame} tabIndex={-1}>
      <legend className="visually-hidden">{card.live ? 'Please confirm' : 'Action'}</legend>
      <ul className="card-items">
        {card.items.map((item) => (
          <Item key={item.key} item={item} live={card.live} />
        ))}
      </ul>
      {card.live && <Answers frame={frame} onAnswer={onAnswer} />}
    </fieldset>
  )
}

function Item({ item, live }: { item: CardItem; live: boolean }) {
  return (
    <li className="card-item">
      <div className="card-what">
        <p>
          <bdi>{item.summary}</bdi>
        </p>
        {item.amount && (
          <p className="card-amount">
            <bdi>{moneyWords(item.amount)}</bdi>
          </p>
        )}
      </div>
      {live && item.approvals > 0 && (
        <p className="card-hint">
          <Icon name="person" />A colleague has to approve this first.
        </p>
      )}
      {item.outcome && <OutcomeWords outcome={item.outcome} />}
    </li>
  )
}

function OutcomeWords({ outcome }: { outcome: Outcome }) {
  return (
    <div className={`card-outcome ${outcome.tone}`}>
      <Icon name={outcome.icon} />
      <p className="card-state">{outcome.text}</p>
      {outcome.message && (
        <p className="card-message">
          <bdi>{outcome.message}</bdi>
        </p>
      )}
    </div>
  )
}

function Answers(props: { frame: RefObject<HTMLFieldSetElement | null>; onAnswer: (words: string) => void }) {
  const { frame, onAnswer } = props
  const buttons = useRef<HTMLDivElement>(null)

  // The buttons go once there is an answer, from here or elsewhere; the card keeps the focus that would be lost.
  useLayoutEffect(() => {
    const element = buttons.current
    return () => {
      if (element?.contains(document.activeElement)) frame.current?.focus({ preventScroll: true })
    }
  }, [frame])

  return (
    <div className="card-answers" ref={buttons}>
      <button type="button" className="button primary" onClick={() => onAnswer('yes')}>
        Yes, do it
      </button>
      <button type="button" className="button" onClick={() => onAnswer('no')}>
        No, leave it
      </button>
    </div>
  )
}
