import type { ChatState } from './chat-state.ts'
import { Icon } from './icons.tsx'
import { personHere } from './rows.ts'
import type { Session } from './session.ts'

const askForPerson = 'Talk to a person'

/** The shop's name, who is there now, and the two ways out: to a person, to a new conversation. */
export function Header(props: {
  state: ChatState
  customer: Session['customer']
  shop: string
  onSend: (text: string) => void
  onNew: (() => void) | null
}) {
  const { state, shop } = props
  return (
    <header className="header">
      <div className="header-inner">
        <span className="mark" aria-hidden="true">
          {shop.charAt(0)}
        </span>
        <div className="header-names">
          <h1>{shop}</h1>
          <Presence state={state} signedIn={props.customer !== null} />
          {props.customer && <SignedIn name={props.customer.name} />}
        </div>
        {state.status !== 'with_human' && (
          <button type="button" className="button" onClick={() => props.onSend(askForPerson)}>
            {askForPerson}
          </button>
        )}
        {props.onNew && (
          <button
            type="button"
            className="new-button"
            onClick={props.onNew}
            aria-label="New conversation"
            title="New conversation"
          >
            <Icon name="compose" />
            <span className="wide-only">New conversation</span>
          </button>
        )}
      </div>
    </header>
  )
}

function SignedIn({ name }: { name: string | null }) {
  return (
    <p className="presence">
      {name ? (
        <>
          Signed in as <bdi>{name}</bdi>
        </>
      ) : (
        'Signed in'
      )}
    </p>
  )
}

function Presence({ state, signedIn }: { state: ChatState; signedIn: boolean }) {
  // Who is signed in says more on this line, where it is quiet.
  if (state.status !== 'with_human') return signedIn ? null : <p className="presence">Customer service</p>
  const person = personHere(state)
  return person ? (
    <p className="presence here">{person} from the team</p>
  ) : (
    <p className="presence waiting">Waiting for a person</p>
  )
}
