import { useRef, useState, useSyncExternalStore } from 'react'
import type { Api } from './api.ts'
import { openConversation } from './conversation.ts'
import { ConversationView } from './conversation-view.tsx'
import { DemoBar } from './demo-bar.tsx'
import type { Memory } from './memory.ts'
import type { SignIn } from './sign-in.ts'

/** The customer's page: one conversation at a time, a new one or the one before a tap away. */
export function ChatPage(props: { api: Api; memory: Memory; signIn: SignIn; shop: string; offline: boolean }) {
  const { api, memory, signIn, shop } = props
  const who = useSyncExternalStore(signIn.subscribe, signIn.getState)
  const [choosing, setChoosing] = useState(false)
  const [news, setNews] = useState('')
  const menuButton = useRef<HTMLButtonElement>(null)
  const [visit, setVisit] = useState(() => ({
    number: 0,
    conversation: openRemembered(),
    previousId: memory.previousId(),
  }))

  function openRemembered() {
    return openConversation({ api, memory, unsent: memory.unsent(), onIdentity: () => void signIn.refresh() })
  }

  function show() {
    const conversation = openRemembered()
    setVisit(({ number }) => ({ number: number + 1, conversation, previousId: memory.previousId() }))
  }

  function open(conversationId: string | null, previousId: string | null) {
    visit.conversation.leave()
    memory.remember(conversationId, previousId)
    const conversation = openConversation({ api, memory, unsent: [], onIdentity: () => void signIn.refresh() })
    setVisit({ number: visit.number + 1, conversation, previousId })
  }

  /** Another customer starts anew: the conversation before is not theirs, and what was not sent is not their word. */
  async function become(customerId: string | null) {
    visit.conversation.abandon()
    if (await signIn.become(customerId)) {
      for (const { messageId } of memory.unsent()) memory.drop(messageId)
      memory.remember(null, null)
      const name = signIn.getState().customer?.name
      setNews(name ? `You are signed in as ${name}. This is a new conversation.` : 'You are signed out.')
    }
    show()
  }

  const { previousId } = visit
  return (
    <>
      {who.demo && (
        <DemoBar
          demo={who.demo}
          state={who}
          open={choosing}
          onOpen={setChoosing}
          onBecome={(customerId) => void become(customerId)}
          button={menuButton}
        />
      )}
      <ConversationView
        key={visit.number}
        conversation={visit.conversation}
        who={who}
        shop={shop}
        offline={props.offline}
        onNew={() => open(null, visit.conversation.getState().conversationId ?? previousId)}
        onBack={previousId === null ? null : () => open(previousId, null)}
        onChooseCustomer={() => {
          menuButton.current?.focus()
          setChoosing(true)
        }}
      />
      <p className="visually-hidden" role="status">
        {news}
      </p>
    </>
  )
}
