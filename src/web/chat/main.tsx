import { createRoot } from 'react-dom/client'
import '../tokens.css'
import './chat.css'
import './demo.css'
import { createApi } from './api.ts'
import { ChatPage } from './chat-page.tsx'
import { browserStorage, createMemory } from './memory.ts'
import { openSignIn } from './sign-in.ts'

const setting = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content.trim() ?? ''

const shop = setting('baton-shop') || 'Support'
const place = document.getElementById('chat')
if (place) {
  const api = createApi()
  createRoot(place).render(
    <ChatPage
      api={api}
      memory={createMemory(browserStorage())}
      signIn={openSignIn({ api })}
      shop={shop}
      offline={setting('baton-model') === 'offline'}
    />,
  )
}
