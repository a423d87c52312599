import { describe, expect, it } from 'vitest'
import { type Applicable, applies, circumstancesOf } from '../../knowledge/applies.ts'
import type { SearchOptions } from '../../knowledge/passage.ts'

const noon = new Date('2026-06-15T12:00:00Z')
const holds = (article: Partial<Applicable>, options: SearchOptions = {}) =>
  applies({ language: 'en', ...article }, circumstancesOf(options, noon))

describe('an article applies', () => {
  it.each<[string, Partial<Applicable>, SearchOptions, boolean]>([
    ['always, unless it says otherwise', {}, {}, true],
    ['on its first day', { validFrom: '2026-06-15' }, {}, true],
    ['not before', { validFrom: '2026-06-16' }, {}, false],
    ['on its last day', { validTo: '2026-06-15' }, {}, true],
    ['not after', { validTo: '2026-06-14' }, {}, false],
    ['on a day that is asked for', { validTo: '2026-01-31' }, { asOf: '2026-01-31' }, true],
    ['on the UTC day of a moment', { validTo: '2026-01-31' }, { asOf: '2026-02-01T00:30:00+01:00' }, true],
    ['not on the next', { validTo: '2026-01-31' }, { asOf: '2026-02-01T00:30:00Z' }, false],
    ['everywhere without a region', {}, { region: 'de' }, true],
    ['in its region, however that is written', { regions: ['de', 'at'] }, { region: 'AT' }, true],
    ['not in another', { regions: ['de', 'at'] }, { region: 'ch' }, false],
    ['in a part of its region', { regions: ['de'] }, { region: 'DE-BY' }, true],
    ['not in all of a country when it is for a part', { regions: ['de-by'] }, { region: 'de' }, false],
    ['not where only letters agree', { regions: ['de'] }, { region: 'den' }, false],
    ['in any region when none is asked for', { regions: ['de'] }, {}, true],
    ['on every plan without one', {}, { plan: 'plus' }, true],
    ['on its plan', { plans: ['plus'] }, { plan: 'Plus' }, true],
    ['not on another', { plans: ['plus'] }, { plan: 'basic' }, false],
    ['on any plan when none is asked for', { plans: ['plus'] }, {}, true],
    ['in any language when none is asked for', { language: 'de' }, {}, true],
    ['in the language that is asked for', { language: 'de-AT' }, { language: 'de' }, true],
    ['not in another language', { language: 'de' }, { language: 'en' }, false],
  ])('%s', (_, article, options, expected) => {
    expect(holds(article, options)).toBe(expected)
  })

  it.each(['2026-02-30', 'yesterday', '2026', '', '2026-01-31T25:00:00Z'])('to no day such as %j', (asOf) => {
    expect(() => holds({}, { asOf })).toThrow(RangeError)
  })
})
