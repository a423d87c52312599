import { Icon } from './icons.tsx'
import type { Demo } from './session.ts'

/** More addresses than these only make a newcomer search. */
const shownAddresses = 3

/** What helps somebody who is asked for the account's address or the code, below the reply that asks. */
export function VerifyHelp(props: {
  asks: 'verify-email' | 'verify-code'
  demo: Demo | null
  onFill: (text: string) => void
  /** Gives back the whole keyboard where the composer shows only digits. */
  onWords: (() => void) | null
}) {
  const { asks, demo } = props
  const addresses = asks === 'verify-email' ? (demo?.customers ?? []).map(({ email }) => email).filter(Boolean) : []
  return (
    <div className="verify-help">
      {addresses.length > 0 && (
        <p>
          Addresses in this demo:
          {addresses.slice(0, shownAddresses).map((address) => (
            <button key={address} type="button" className="link-button" onClick={() => props.onFill(address)}>
              <bdi>{address}</bdi>
            </button>
          ))}
        </p>
      )}
      {demo && (
        <a className="quiet-link" href="/demo/mailbox" target="_blank" rel="noopener">
          Open the demo mailbox
          <Icon name="outside" />
          <span className="visually-hidden"> (in a new tab)</span>
        </a>
      )}
      {props.onWords && (
        <button type="button" className="link-button touch-only" onClick={props.onWords}>
          Write words instead
        </button>
      )}
    </div>
  )
}
