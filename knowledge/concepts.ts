import { stemOf, wordsOf } from './words.ts'

/**
 * What customers call the same thing in different words. Each line is one concept; an entry may be a phrase of up to
 * three words. Only pairs that mean the same in almost any shop belong here: what is particular to one company goes
 * into an article's `aliases`.
 */
const GROUPS = `
refund, money back, reimburse, reimbursement, get back paid
return, send back, give back
exchange, swap, replace, replacement, substitute
cancel, cancellation, call off, terminate, termination, end
delete, remove, erase, wipe, deletion, removal, get rid
close account, delete account, deactivate
invoice, bill, receipt, statement
charge, debit, billed, deduct
overcharged, charged twice, double charged, duplicate charge, charged too much, billed twice
pay, payment, paid, checkout
price, cost, fee, rate, how much
discount, coupon, voucher, promo, promotion, promo code, rebate
cheap, cheaper, affordable, inexpensive
subscription, plan, membership, subscribe
renew, renewal, auto renew, extend
upgrade, higher plan
downgrade, lower plan
credit card, card, visa, mastercard, debit card
bank transfer, wire, wire transfer
parcel, package, shipment, delivery, deliver, box
ship, send, dispatch, mail out, post
track, tracking, where is, whereabouts
late, delayed, delay, overdue, not arrived, has not come
lost, missing, disappeared, vanished, gone
broken, damaged, defective, faulty, defect, cracked, smashed, dead
not working, does not work, doesn t work, stopped working, malfunction, failing, won t work
bug, error, fault, glitch, problem, issue, trouble
crash, freeze, hang, frozen, stuck
fix, repair, resolve, solve, mend
warranty, guarantee, coverage
login, log in, sign in, log on, signin, logon
logout, log out, sign out
signup, sign up, register, registration, create account
password, passcode, passphrase, pin
reset, restore, recover
locked out, blocked, suspended, banned, no access
two factor, 2fa, mfa, authenticator, verification code, one time code
email, e mail, mail, inbox
message, text message, sms
phone, telephone, mobile, cell, cellphone, smartphone
laptop, notebook, computer, pc
internet, wifi, wi fi, wireless, network, connection, connect
photo, picture, image, pic
video, clip, movie, film
folder, directory
file, document, doc
program, software, application, app, executable
website, site, webpage, web page, page
link, url, hyperlink
address, location, place
change, modify, edit, update, alter, adjust
add, insert, include, attach
hide, conceal, make invisible
show, display, view
find, locate, search, look up, look for
begin, start, launch, open
stop, halt, quit, disable, turn off, switch off, deactivate
enable, turn on, switch on, activate
slow, sluggish, laggy, lag, takes forever
fast, quick, rapid, express
download, save, export
upload, import
move, transfer, migrate
copy, duplicate, clone
combine, merge, join
split, separate, divide, break up
automatic, automatically, auto, automated
allow, permit, let
forbid, prevent, block, disallow
allowed, permitted, legal
big, large, huge, oversized
small, little, tiny
size, fit, measurement, dimension
colour, color, shade
oldest, earliest, first
newest, latest, most recent, last
buy, purchase, order, acquire
sell, resell
customer, client, buyer
friend, contact, acquaintance
people, person, user, member
company, business, firm, organisation, organization
country, abroad, overseas, international, foreign
customs, import duty, duty, import tax
tax, vat, gst
time, duration, how long
deadline, time limit, window, period
day, date
stock, available, availability, in stock, sold out
gift, present
gift card, gift certificate, store credit
complaint, complain, dissatisfied, unhappy
human, agent, representative, real person, operator, advisor
privacy, private, personal data, gdpr
secure, security, safe, safety
fraud, scam, stolen, unauthorised, unauthorized, hacked
distance, how far
manual, instruction, guide, handbook
install, setup, set up, installation, configure
uninstall, deinstall
pick up, collect, collection, pickup
courier, carrier, postman, driver
label, sticker, shipping label
reply, answer, respond, response
notification, alert, reminder, notify
`

const LONGEST_PHRASE = 3
const conceptByPhrase = new Map<string, string[]>()
const openings = new Set<string>()

for (const line of GROUPS.trim().split('\n')) {
  const phrases = line.split(',').map((phrase) => wordsOf(phrase).map(stemOf).join(' '))
  const concept = `~${phrases[0]}`
  for (const phrase of phrases) {
    conceptByPhrase.set(phrase, [...(conceptByPhrase.get(phrase) ?? []), concept])
    openings.add(phrase.split(' ')[0] ?? '')
  }
}

/** The concepts a text speaks of, such as `~refund` for "my money back", with repeats. Each starts with `~`. */
export function conceptsOf(text: string): string[] {
  return conceptsByWord(wordsOf(text)).flatMap(({ begun }) => begun)
}

/** For each of a text's words, the concepts of phrases that begin with it, and of all phrases it is part of. */
export function conceptsByWord(words: string[]): { begun: string[]; meant: string[] }[] {
  const stems = words.map(stemOf)
  const found = stems.map(() => ({ begun: [] as string[], meant: [] as string[] }))
  for (let start = 0; start < stems.length; start += 1) {
    if (!openings.has(stems[start] ?? '')) continue
    for (let end = start + 1; end <= Math.min(start + LONGEST_PHRASE, stems.length); end += 1) {
      const concepts = conceptByPhrase.get(stems.slice(start, end).join(' ')) ?? []
      found[start]?.begun.push(...concepts)
      for (const word of found.slice(start, end)) word.meant.push(...concepts)
    }
  }
  return found
}
