import { stemmer } from 'stemmer'

const longest = 2000

const spellings: [RegExp, string][] = [
  [/[‘’´`]/g, "'"],
  [/\b(?:e|g)-?mail/g, 'email'],
  [/\b(log|sign)(?:ged|ging|ning|ned)? ?-?(?:in|on)(?:to)?\b/g, 'login'],
  [/\b(log|sign)(?:ged|ging|ning|ned)? ?-?(?:out|off)\b/g, 'logout'],
  [/\bsign(?:ed|ing)? ?-?up\b/g, 'signup'],
  [/\bmoney ?-?back\b/g, 'moneyback'],
  [/\bwi[ -]fi\b/g, 'wifi'],
  [/\btop(?:ped|ping)? ?-?up(s?)\b/g, 'topup$1'],
  [/\bset(?:ting)? ?-?up\b/g, 'setup'],
  [/\bcheck(?:ing)? ?-?out\b/g, 'checkout'],
  [/\bweb ?-?(site|page)/g, 'web$1'],
  [/\bpass ?-?(word|code)/g, 'pass$1'],
  [/\bpwd?\b|\bpasswd\b|\bpaswd\b/g, 'password'],
  [/\bblue ?-?tooth\b/g, 'bluetooth'],
  [/\b(can)'?t\b|\bcan not\b/g, 'cannot'],
  [/\b(do|does|did|is|are|was|were|has|have|had|wo|would|could|should)n'?t\b/g, '$1 not'],
  [/\b(i|you|he|she|it|we|they|that|what|who|how|where|when|there|here)'(m|re|s|ve|d|ll)\b/g, '$1'],
  [/\bim\b/g, 'i'],
  [/\bive\b/g, 'i'],
  [/\bur\b/g, 'your'],
  [/\bu\b/g, 'you'],
  [/\br\b/g, 'are'],
  [/\b(?:pls|plz|plss|pleas|plese)\b/g, 'please'],
  [/\b(?:acct|acc|a\/c)\b/g, 'account'],
  [/\bppl\b/g, 'people'],
  [/\bcust(?:omer)? ?(care|service|support)/g, 'customer $1'],
  [/\b(?:cx|csr)\b/g, 'customer service'],
  [/\bwanna\b/g, 'want to'],
  [/\bgotta\b/g, 'have to'],
  [/\bgimme\b/g, 'give me'],
  [/\bthx|\bthanx|\btnx|\bthnx/g, 'thanks'],
]

/**
 * The text as the router reads it: NFKC, lower case, without control characters, chat spellings written out
 * ("plz", "log in", "can't"), runs of a letter shortened to two; at most 2,000 characters, taken from both ends.
 */
export function normalise(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 500)} ${text.slice(-500)}` : text
  let plain = cut
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1$1')
  for (const [pattern, instead] of spellings) plain = plain.replace(pattern, instead)
  return plain.replace(/\s+/g, ' ').trim()
}

const token =
  /[£$€₹¥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:usd|eur|gbp|dollars?|euros?|pounds?|rupees?|bucks|rs)\b|[\p{L}\d]*\d[\p{L}\d#/-]*|\p{L}[\p{L}\p{M}]*/gu

/** The words of a normalised text; sums of money read `0money`, numbers `0`, codes such as order numbers `0code`. */
export function words(normalised: string): string[] {
  const found: string[] = []
  for (const match of normalised.match(token) ?? []) {
    if (!/\d/.test(match)) found.push(match)
    else if (/[£$€₹¥]|\d\s?[a-z]{2,}$/u.test(match) && /[£$€₹¥]|usd|eur|gbp|dollar|pound|rupee|buck|rs$/.test(match)) {
      found.push('0money')
    } else found.push(/^\d+$/.test(match) ? '0' : '0code')
  }
  return found
}

/** A text, read once: normalised, and its words. */
export interface Reading {
  plain: string
  words: string[]
}

/** Reads a customer's text, whatever it holds; never throws. */
export function readText(text: string): Reading {
  const plain = normalise(text)
  return { plain, words: words(plain) }
}

const stems = new Map<string, string>()

/** The Porter stem of a lower-case word (Porter 1980, through the `stemmer` package). */
export function stem(word: string): string {
  let known = stems.get(word)
  if (known === undefined) {
    known = stemmer(word)
    if (stems.size < 20_000) stems.set(word, known)
  }
  return known
}
