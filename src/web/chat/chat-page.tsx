import { useState } from 'react'
import type { Api } from './api.ts'
import { openConversation } from './conversation.ts'
import { ConversationView } from './conversation-view.tsx'
import type { Memory } from './memory.ts'

/** The customer's page: one conversation at a time, a new one or the one before a tap away. */
export function ChatPage({ api, memory, shop, offline }: { api: Api; memory: Memory; shop: string; offline: boolean }) {
  const [visit, setVisit] = useState(() => ({
    number: 0,
    conversation: openConversation({ api, memory, unsent: memory.unsent(), onIdentity: () => {} }),
    previousId: memory.previousId(),
  }))

  function open(conversationId: string | null, previousId: string | null) {
    visit.conversation.leave()
    memory.remember(conversationId, previousId)
    setVisit({
      number: visit.number + 1,
      conversation: openConversation({ api, memory, unsent: [], onIdentity: () => {} }),
      previousId,
    })
  }

  const { previousId } = visit
  return (
    <ConversationView
      key={visit.number}
      conversation={visit.conversation}
      shop={shop}
      offline={offline}
      onNew={() => open(null, visit.conversation.getState().conversationId ?? previousId)}
      onBack={previousId === null ? null : () => open(previousId, null)}
    />
  )
}
