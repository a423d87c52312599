const NAMED: Record<string, number> = {
  ...Object.fromEntries(
    [
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
      'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf',
      '_ _ deux trois quatre cinq _ sept huit neuf dix onze douze',
      '_ _ dos tres cuatro cinco seis siete ocho nueve diez once doce',
    ].flatMap((list) => list.split(' ').flatMap((word, n) => (word === '_' ? [] : [[word, n] as const]))),
  ),
}
// “Once” is an English word before it is a Spanish number.
delete NAMED.once
delete NAMED.null

const TENS: Record<string, number> = {
  ...{ twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100 },
  ...{ zwanzig: 20, dreißig: 30, sechzig: 60, neunzig: 90, trente: 30, soixante: 60, treinta: 30, sesenta: 60 },
}
const words = [...Object.keys(TENS), ...Object.keys(NAMED)].sort((left, right) => right.length - left.length)
const units = 'one two three four five six seven eight nine'.replaceAll(' ', '|')

/** The source of a pattern that matches a number in digits or in words, without a group of its own. */
export const NUMBER = `(?:\\d+(?:[.,]\\d+)*|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ](?:${units})|(?:${words.join('|')})(?!\\p{L}))`

/** The value of what `NUMBER` matched; both `1,234.5` and `1.234,5` are read. NaN for anything else. */
export function numberOf(text: string): number {
  const plain = text.toLowerCase().trim()
  if (/^\d/.test(plain)) return Number(decimal(plain))
  const known = NAMED[plain] ?? TENS[plain]
  if (known !== undefined) return known
  const [tens = '', unit = ''] = plain.split(/[- ]/)
  return (TENS[tens] ?? Number.NaN) + (NAMED[unit] ?? Number.NaN)
}

/** A separator with three digits behind it groups thousands; any other one is the decimal point. */
function decimal(digits: string): string {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (last < 0) return digits
  const behind = digits.slice(last + 1)
  const grouped = behind.length === 3 && !/^0/.test(digits)
  const whole = digits.slice(0, last).replace(/[.,]/g, '')
  return grouped ? whole + behind : `${whole}.${behind}`
}
