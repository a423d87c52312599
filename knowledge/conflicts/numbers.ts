const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const UNIT = UNITS.slice(1, 10).join('|')
const WRITTEN = new RegExp(`\\b(?:(${TENS.join('|')})(?:[- ](${UNIT}))?|(${UNITS.join('|')}))\\b`, 'gi')

/** The text with numbers in words as digits, `half a year` as months and `a` before a unit of time as 1. */
export function withDigits(text: string): string {
  return text
    .replace(WRITTEN, (_, tens?: string, unit?: string, small?: string) =>
      String(small ? UNITS.indexOf(small.toLowerCase()) : tensOf(tens) + Math.max(0, UNITS.indexOf(unit ?? ''))),
    )
    .replace(/\bhalf an hour\b/gi, '30 minutes')
    .replace(/\bhalf a year\b/gi, '6 months')
    .replace(/\ba fortnight\b/gi, '14 days')
    .replace(/\b(within|after|for|takes|lasts|of|in) an? (hour|day|week|month|year)\b/gi, '$1 1 $2')
}

/** What a number as people write it is worth: `1,000`, `4.90`, `4,90`. */
export function worthOf(digits: string): number {
  const grouped = /^\d{1,3}([.,]\d{3})+$/.test(digits)
  return Number(grouped ? digits.replace(/[.,]/g, '') : digits.replace(/,(?=\d{3}\b)/g, '').replace(',', '.'))
}

function tensOf(word = ''): number {
  return (TENS.indexOf(word.toLowerCase()) + 2) * 10
}
