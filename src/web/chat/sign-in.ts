import type { Api } from './api.ts'
import type { Demo, Session } from './session.ts'

/** What the page knows of who the customer is. `problem` says why the last change did not come about. */
export interface SignInState {
  customer: Session['customer']
  /** Null outside the demo. */
  demo: Demo | null
  busy: boolean
  problem: string | null
}

/** Who the customer is, and in the demo as whom they try the page. */
export interface SignIn {
  getState(): SignInState
  subscribe(listener: () => void): () => void
  /** Asks the server again; what it does not answer stays as it was. */
  refresh(): Promise<void>
  /** Becomes a demo customer, or nobody for null; false when that failed. */
  become(customerId: string | null): Promise<boolean>
}

/** Asks the server once who the customer is and whether this is the demo. */
export function openSignIn({ api }: { api: Api }): SignIn {
  let state: SignInState = { customer: null, demo: null, busy: false, problem: null }
  const listeners = new Set<() => void>()
  let asked = 0

  function set(change: Partial<SignInState>) {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  async function refresh() {
    const question = ++asked
    const [session, demo] = await Promise.allSettled([api.session(), api.demo()])
    // A later question has the later answer.
    if (question !== asked) return
    set({
      ...(session.status === 'fulfilled' && { customer: session.value.customer }),
      ...(demo.status === 'fulfilled' && { demo: demo.value }),
    })
  }

  // Another tab may have become somebody else; both share one session.
  document.addEventListener('visibilitychange', () => void (document.hidden || refresh()))
  void refresh()

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh,
    async become(customerId) {
      set({ busy: true, problem: null })
      try {
        await (customerId === null ? api.demoSignOut() : api.demoSignIn(customerId))
        await refresh()
        return true
      } catch {
        set({ problem: 'That did not work. Please try again.' })
        return false
      } finally {
        set({ busy: false })
      }
    },
  }
}
