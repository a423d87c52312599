import { Icon } from './icons.tsx'

const examples = [
  'I was charged twice for my subscription this month',
  'The zipper came broken, can I send it back?',
  'My router keeps dropping the wifi',
]

/** What an empty conversation shows: a question, and three that others ask. */
export function FirstVisit(props: { onAsk: (text: string) => void; onBack: (() => void) | null }) {
  return (
    <div className="first-visit">
      <h2>How can we help?</h2>
      <p className="lead">Ask in your own words. Answers come with their sources.</p>
      <ul className="examples" aria-label="Questions that others ask">
        {examples.map((example) => (
          <li key={example}>
            <button type="button" className="example" onClick={() => props.onAsk(example)}>
              {example}
              <Icon name="send" />
            </button>
          </li>
        ))}
      </ul>
      {props.onBack && (
        <button type="button" className="text-button" onClick={props.onBack}>
          <Icon name="back" />
          Back to your earlier conversation
        </button>
      )}
    </div>
  )
}
