import { useEffect, useRef, useState } from 'react'
import { type Row, spoken } from './rows.ts'

/**
 * Tells screen readers what arrives, each row once and whole. What a reload brings back is not news: the rows of the
 * first ready moment are only remembered.
 */
export function Announcer({ rows, ready, shop }: { rows: Row[]; ready: boolean; shop: string }) {
  const known = useRef<Set<string> | null>(null)
  const [news, setNews] = useState<{ id: string; text: string }[]>([])

  useEffect(() => {
    if (!ready) return
    const seen = known.current
    known.current = new Set([...(seen ?? []), ...rows.map(({ id }) => id)])
    if (!seen) return
    const fresh = rows.flatMap((row) => {
      const text = seen.has(row.id) ? null : spoken(row, shop)
      return text ? [{ id: row.id, text }] : []
    })
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
