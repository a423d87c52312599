import { DateTime } from 'luxon'

/** When a team works: shifts by ISO weekday (1 is Monday) in a time zone; on holidays no shift begins. */
export interface BusinessHours {
  /** IANA name, such as Europe/Berlin. */
  zone: string
  /** Times of the wall clock, `HH:mm`; one that ends at or before it begins ends on the next day; `24:00` is allowed. */
  week: Record<number, { from: string; to: string }[] | undefined>
  /** ISO days. */
  holidays: string[]
}

/** A stretch of time, epoch milliseconds; the end does not belong to it. */
export interface Interval {
  start: number
  end: number
}

/** Nobody works: without a limit the search for the next opening would never end. */
const LOOK_AHEAD_DAYS = 400

/**
 * The open stretches from an instant on, in order, overlapping shifts joined. On the days when clocks change a shift
 * has the hours that really pass between its two times of the wall clock.
 */
export function* openIntervals(hours: BusinessHours, from: number): Generator<Interval> {
  // A shift of the day before may still run.
  const first = DateTime.fromMillis(from, { zone: hours.zone }).startOf('day').minus({ days: 1 })
  let joined: Interval | undefined
  for (let day = 0; day < LOOK_AHEAD_DAYS; day++) {
    for (const shift of shiftsOn(hours, first.plus({ days: day }))) {
      if (shift.end <= from) continue
      const next = { start: Math.max(shift.start, from), end: shift.end }
      if (joined && next.start <= joined.end) joined.end = Math.max(joined.end, next.end)
      else {
        if (joined) yield joined
        joined = next
      }
    }
  }
  if (joined) yield joined
}

/** Milliseconds of open time between two instants. */
export function openTimeBetween(hours: BusinessHours, from: number, to: number): number {
  let sum = 0
  for (const { start, end } of openIntervals(hours, from)) {
    if (start >= to) break
    sum += Math.min(end, to) - start
  }
  return sum
}

/** The instant at which so much open time has passed; null when it never does within a year. */
export function afterOpenTime(hours: BusinessHours, from: number, milliseconds: number): number | null {
  let left = milliseconds
  for (const { start, end } of openIntervals(hours, from)) {
    if (end - start >= left) return start + left
    left -= end - start
  }
  return null
}

/** The first instant from `at` on at which somebody works; null when there is none within a year. */
export function nextOpening(hours: BusinessHours, at: number): number | null {
  const { value } = openIntervals(hours, at).next()
  return value ? value.start : null
}

function shiftsOn({ week, holidays }: BusinessHours, day: DateTime): Interval[] {
  if (holidays.includes(day.toISODate() ?? '')) return []
  return (week[day.weekday] ?? [])
    .map(({ from, to }) => {
      const overnight = to <= from
      return { start: wallClock(day, from), end: wallClock(overnight ? day.plus({ days: 1 }) : day, to) }
    })
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start)
}

function wallClock(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  // Set, not added: nine in the morning is nine in the morning on days of 23 and 25 hours too.
  if (hour === 24) return day.plus({ days: 1 }).startOf('day').toMillis()
  return day.set({ hour, minute, second: 0, millisecond: 0 }).toMillis()
}
