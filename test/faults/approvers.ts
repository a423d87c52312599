import { DESK_TOKEN } from './agent.ts'

/** What the desk was told about an approval, when it was told at all. */
export type Decided = Map<string, 'approved' | 'denied'>

interface Card {
  id: string
  state: string
  needed: number
}

/** People at the desk who decide on what waits: in any order, often twice, sometimes too late. */
export function createApprovers(random: () => number) {
  const decided: Decided = new Map()
  const headers = { Authorization: `Bearer ${DESK_TOKEN}`, 'Content-Type': 'application/json' }

  async function decide(url: string, card: Card, decision: 'approve' | 'deny', agent: string): Promise<void> {
    const body = { agent, ...(decision === 'deny' && { reason: 'We looked at it and it is as it should be.' }) }
    try {
      const response = await fetch(`${url}/v1/desk/approvals/${card.id}/${decision}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      })
      if (!response.ok) return
      const { state } = (await response.json()) as Card
      if (state === 'approved' || state === 'denied') decided.set(card.id, state)
    } catch {
      // Cut off: whether it was counted shows on the next visit.
    }
  }

  return {
    decided,

    /** Gives back every conversation that a turn which was killed too often left to people. */
    async handBack(url: string): Promise<void> {
      const { escalations = [] } = await fetch(`${url}/v1/desk/queue`, { headers })
        .then((response) => response.json() as Promise<{ escalations?: { conversationId: string }[] }>)
        .catch(() => ({ escalations: [] }))
      for (const { conversationId } of escalations)
        await fetch(`${url}/v1/desk/conversations/${conversationId}/hand-back`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ agent: 'Noor', note: 'Please go on.' }),
          signal: AbortSignal.timeout(20_000),
        }).catch(() => {})
    },

    /** @returns how many are still open */
    async visit(url: string, everything = false): Promise<number> {
      const cards = await fetch(`${url}/v1/desk/approvals?state=pending`, { headers })
        .then((response) => response.json() as Promise<{ approvals?: Card[] }>)
        .then(({ approvals = [] }) => approvals)
        .catch(() => [])
      const clicks = cards
        .filter(() => everything || random() < 0.7)
        .flatMap((card) => {
          const deny = random() < 0.2
          const agents = ['Noor', 'Ivo'].slice(0, card.needed)
          const once = agents.map((agent) => () => decide(url, card, deny ? 'deny' : 'approve', agent))
          return random() < 0.4 ? [...once, ...once] : once
        })
      await Promise.all(clicks.toSorted(() => random() - 0.5).map((click) => click()))
      return cards.length
    },
  }
}
