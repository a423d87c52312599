import { type KeyboardEvent, type RefObject, useId, useLayoutEffect } from 'react'
import { Icon } from './icons.tsx'

/** The server takes no more characters in one message. */
const limit = 8000

/** A phone then shows the keyboard that fits and offers what it knows. */
const hints = {
  email: { inputMode: 'email', autoComplete: 'email', autoCapitalize: 'none', spellCheck: false },
  code: { inputMode: 'numeric', autoComplete: 'one-time-code', autoCapitalize: 'none', spellCheck: false },
} as const

/** Where the customer writes. Enter sends, Shift+Enter starts a line; an input method's Enter only chooses. */
export function Composer(props: {
  text: string
  onText: (text: string) => void
  onSend: (text: string) => void
  placeholder: string
  note: string
  /** What the reply above asks for, when it is not just words. */
  asks: 'email' | 'code' | null
  field: RefObject<HTMLTextAreaElement | null>
}) {
  const { text, field } = props
  const id = useId()
  const left = limit - text.length
  const sendable = text.trim() !== '' && left >= 0

  // Browsers without `field-sizing: content` get the same growth from here; the text is what makes it grow.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current
    if (!element || CSS.supports('field-sizing', 'content')) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [text, field])

  function send() {
    if (!sendable) return
    props.onSend(text.trim())
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="field">
        <label className="visually-hidden" htmlFor={id}>
          Your message
        </label>
        <textarea
          id={id}
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          placeholder={props.placeholder}
          aria-describedby={`${id}-note`}
          aria-invalid={left < 0 || undefined}
          {...(props.asks && hints[props.asks])}
          enterKeyHint="send"
          onChange={(event) => props.onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="send" aria-disabled={!sendable} aria-label="Send">
          <Icon name="send" />
        </button>
      </div>
      <p className={left < 0 ? 'note refused' : 'note'} id={`${id}-note`}>
        {left < 0
          ? `${(-left).toLocaleString()} characters too long. Please split it into two messages.`
          : left < 500
            ? `${left} characters left`
            : props.note}
      </p>
    </form>
  )
}
