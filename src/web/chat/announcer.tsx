import { useEffect, useRef, useState } from 'react'
import { type Row, spoken } from './rows.ts'

/**
 * Tells screen readers what arrives and what has changed, each piece once and whole. What a reload brings back is not news:
 * the rows of the first ready moment are only remembered.
 */
export function Announcer({ rows, ready, shop }: { rows: Row[]; ready: boolean; shop: string }) {
  const known = useRef<Set<string> | null>(null)
  const [news, setNews] = useState<{ id: string; text: string }[]>([])

  useEffect(() => {
    if (!ready) return
    const seen = known.current
    const all = rows.flatMap((row) => spoken(row, shop))
    known.current = new Set([...(seen ?? []), ...all.map(({ id }) => id)])
    if (!seen) return
    const fresh = all.filter(({ id }) => !seen.has(id))
    if (fresh.length > 0) setNews((old) => [...old, ...fresh].slice(-3))
  }, [rows, ready, shop])

  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-atomic="false" aria-relevant="additions">
      {news.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
