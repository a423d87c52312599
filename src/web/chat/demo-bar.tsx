import { type RefObject, useEffect, useId, useRef } from 'react'
import { Icon } from './icons.tsx'
import type { Demo, DemoCustomer } from './session.ts'
import type { SignInState } from './sign-in.ts'

/** The demo's strip above the page: as whom to try it, and out again. */
export function DemoBar(props: {
  demo: Demo
  state: SignInState
  open: boolean
  onOpen: (open: boolean) => void
  onBecome: (customerId: string | null) => void
  button: RefObject<HTMLButtonElement | null>
}) {
  const { demo, state, open, onOpen, button } = props
  const id = useId()
  const bar = useRef<HTMLElement>(null)

  useEffect(() => {
    if (!open) return
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && !bar.current?.contains(event.target)) onOpen(false)
    }
    document.addEventListener('pointerdown', onOutside)
    document.addEventListener('focusin', onOutside)
    return () => {
      document.removeEventListener('pointerdown', onOutside)
      document.removeEventListener('focusin', onOutside)
    }
  }, [open, onOpen])

  function become(customerId: string | null) {
    button.current?.focus()
    onOpen(false)
    if (!state.busy) props.onBecome(customerId)
  }

  return (
    <aside
      className="demo-bar"
      aria-label="Demo"
      ref={bar}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        button.current?.focus()
        onOpen(false)
      }}
    >
      <div className="demo-inner">
        <p className={state.problem ? 'demo-words refused' : 'demo-words'} role={state.problem ? 'alert' : undefined}>
          {state.problem ?? 'Demo shop'}
        </p>
        <button
          type="button"
          className="demo-button"
          ref={button}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => onOpen(!open)}
        >
          Try it as…
          <Icon name="menu" />
        </button>
        {demo.signedInAs && (
          <button type="button" className="demo-button" onClick={() => become(null)}>
            Sign out
          </button>
        )}
      </div>
      {open && (
        <div className="demo-list" id={id}>
          <p className="demo-lead">Each starts a new conversation, signed in as that customer.</p>
          <ul>
            {demo.customers.map((customer) => (
              <Choice
                key={customer.id}
                customer={customer}
                current={customer.id === demo.signedInAs}
                onChoose={() => become(customer.id)}
              />
            ))}
          </ul>
        </div>
      )}
    </aside>
  )
}

function Choice(props: { customer: DemoCustomer; current: boolean; onChoose: () => void }) {
  const { customer, current } = props
  return (
    <li>
      <button type="button" className="choice" aria-current={current || undefined} onClick={props.onChoose}>
        <span className="face person" aria-hidden="true">
          {customer.name.charAt(0)}
        </span>
        <span className="choice-name">
          <bdi>{customer.name}</bdi>
        </span>
        {current && <Icon name="check" />}
        <span className="choice-situation">
          <bdi>{customer.situation}</bdi>
        </span>
      </button>
    </li>
  )
}
