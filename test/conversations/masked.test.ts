import { expect, test } from 'vitest'
import { maskPersonalData } from '../../src/conversations/masked.ts'

test.each([
  ['write to anna.berg+x@mail.example.com please', 'write to [e-mail] please'],
  ['call +49 170 1234567 or 0170 / 123 45 67', 'call [phone] or [phone]'],
  ['order LF-20931 and #W2378156', 'order [number] and [number]'],
  ['order #20931, invoice INV-2026-0042', 'order [number], invoice [number]'],
  ['card 4111 1111 1111 1111, account DE89 3704 0044 0532 0130 00', 'card [number], account [account]'],
  ['see https://shop.example.com/o/77?x=1', 'see [link]'],
])('%s', (text, masked) => {
  expect(maskPersonalData(text)).toBe(masked)
})

test.each([
  'Within 30 days, EUR 1,299.00 or 7.90, on 2026-01-31 at 14:30',
  'the 5 GHz band of the AX3000 router, version 2.10.4',
  'Order 66 and 2 more, 60-day return',
])('leaves what is nobody’s: %s', (text) => {
  expect(maskPersonalData(text)).toBe(text)
})
