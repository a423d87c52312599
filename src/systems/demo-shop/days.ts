const DAY_MS = 86_400_000

/** The day of an instant, `YYYY-MM-DD`, in UTC. */
export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}

/** The day so many days later. */
export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY_MS)
}

/** The day so many days from Monday to Friday later. */
export function addBusinessDays(day: string, days: number): string {
  let later = day
  for (let left = days; left > 0; ) {
    later = addDays(later, 1)
    if (![0, 6].includes(new Date(later).getUTCDay())) left -= 1
  }
  return later
}

/** The same day so many months later, or that month's last. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, last)))
}

/** The same day 24 months later: as long as goods are under warranty. */
export function endOfWarranty(deliveredOn: string): string {
  return addMonths(deliveredOn, 24)
}
