import { createRoot } from 'react-dom/client'
import '../tokens.css'
import './chat.css'
import { createApi } from './api.ts'
import { ChatPage } from './chat-page.tsx'
import { browserStorage, createMemory } from './memory.ts'

const setting = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content.trim() ?? ''

const shop = setting('baton-shop') || 'Support'
const place = document.getElementById('chat')
if (place) {
  createRoot(place).render(
    <ChatPage
      api={createApi()}
      memory={createMemory(browserStorage())}
      shop={shop}
      offline={setting('baton-model') === 'offline'}
    />,
  )
}
