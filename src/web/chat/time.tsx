import { useSyncExternalStore } from 'react'

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' })

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** When something happened, from the reader's point of view; the exact time on hover and for screen readers. */
export function Time({ at }: { at: string }) {
  const now = useNow()
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return null
  const exactly = exact.format(date)
  return (
    <time className="time" dateTime={at} title={exactly}>
      <span aria-hidden="true">{timeWords(date.getTime(), now)}</span>
      <span className="visually-hidden">{exactly}</span>
    </time>
  )
}

function timeWords(at: number, now: number): string {
  const ago = Math.max(0, now - at)
  if (ago < 45_000) return 'now'
  if (ago < hour) return relative.format(-Math.max(1, Math.round(ago / minute)), 'minute')
  if (ago < 8 * hour) return relative.format(-Math.round(ago / hour), 'hour')
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / day)
  if (days === 0) return clock.format(at)
  return days < 7 ? `${relative.format(-days, 'day')}, ${clock.format(at)}` : exact.format(at)
}

/** Whole seconds from now until `at` (epoch milliseconds); negative once it is past. */
export function useSecondsUntil(at: number): number {
  const now = useSyncExternalStore(everySecond, () => Math.floor(Date.now() / 1000))
  return Math.floor(at / 1000) - now
}

function useNow(): number {
  return useSyncExternalStore(everyHalfMinute, () => Math.floor(Date.now() / 30_000) * 30_000)
}

const everySecond = ticker(1000)
const everyHalfMinute = ticker(30_000)

/** One timer for all that listen, and none while nobody does. */
function ticker(milliseconds: number) {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  return (listener: () => void) => {
    listeners.add(listener)
    timer ??= setInterval(() => {
      for (const tell of listeners) tell()
    }, milliseconds)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
}
