import { Icon } from './icons.tsx'
import type { Demo } from './session.ts'

const common = [
  'I was charged twice for my subscription this month',
  'The zipper came broken, can I send it back?',
  'My router keeps dropping the wifi',
]

/** What an empty conversation shows: a question, three that others ask, and in the demo whom to try it as. */
export function FirstVisit(props: {
  demo: Demo | null
  onAsk: (text: string) => void
  onBack: (() => void) | null
  onChooseCustomer: () => void
}) {
  const { demo } = props
  const customer = demo?.customers.find(({ id }) => id === demo.signedInAs)
  const fitting = customer?.examples.slice(0, 3) ?? []
  return (
    <div className="first-visit">
      <h2>How can we help?</h2>
      <p className="lead">Ask in your own words. Answers come with their sources.</p>
      {demo && !customer && (
        <p className="lead">
          This is a demo.
          <button type="button" className="link-button" onClick={props.onChooseCustomer}>
            Try it as one of its customers
          </button>
        </p>
      )}
      {customer?.situation && (
        <p className="situation">
          <Icon name="person" />
          <span>
            <bdi>{customer.situation}</bdi>
          </span>
        </p>
      )}
      {fitting.length > 0 && (
        <Examples label={`Questions that ${customer?.name} might ask`} examples={fitting} onAsk={props.onAsk} />
      )}
      {fitting.length > 0 && <p className="examples-more">Or what others ask</p>}
      <Examples label="Questions that others ask" examples={common} onAsk={props.onAsk} />
      {props.onBack && (
        <button type="button" className="text-button" onClick={props.onBack}>
          <Icon name="back" />
          Back to your earlier conversation
        </button>
      )}
    </div>
  )
}

function Examples(props: { label: string; examples: string[]; onAsk: (text: string) => void }) {
  return (
    <ul className="examples" aria-label={props.label}>
      {props.examples.map((example) => (
        <li key={example}>
          <button type="button" className="example" onClick={() => props.onAsk(example)}>
            <span>
              <bdi>{example}</bdi>
            </span>
            <Icon name="send" />
          </button>
        </li>
      ))}
    </ul>
  )
}
