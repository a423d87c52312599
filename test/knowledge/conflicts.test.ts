import { describe, expect, it } from 'vitest'
import { findConflicts } from '../../knowledge/conflicts/conflicts.ts'
import type { Article } from '../../knowledge/passage.ts'
import {
  type ConflictCase,
  NEAR_MISSES,
  NEAR_MISSES_KEPT_BACK,
  NEAR_MISSES_LATER,
  PLANTED,
  PLANTED_KEPT_BACK,
  PLANTED_LATER,
} from './conflict-cases.ts'

const articlesOf = ({ articles }: ConflictCase): Article[] =>
  articles.map((article, index) => ({
    id: `article-${index}`,
    scope: 'shared',
    language: 'en',
    aliases: [],
    questions: [],
    source: `article-${index}.md`,
    ...article,
  }))
const sentencesIn = async (one: ConflictCase) =>
  (await findConflicts(articlesOf(one))).map(({ first, second }) => [first.sentence, second.sentence])

describe('two articles contradict each other', () => {
  it.each(PLANTED.map((one) => [one.name, one] as const))('by %s', async (_, one) => {
    expect(await sentencesIn(one)).toEqual([one.sentences])
  })

  it.each(NEAR_MISSES.map((one) => [one.name, one] as const))('not by %s', async (_, one) => {
    expect(await sentencesIn(one)).toEqual([])
  })
})

describe('over the sets that were kept back', () => {
  const named = async (cases: ConflictCase[]) => {
    const names: string[] = []
    for (const one of cases) if ((await sentencesIn(one)).length > 0) names.push(one.name)
    return names
  }

  it('finds most contradictions', async () => {
    const missed = [...PLANTED_KEPT_BACK, ...PLANTED_LATER].map(({ name }) => name)
    const found = await named([...PLANTED_KEPT_BACK, ...PLANTED_LATER])
    expect(missed.filter((name) => !found.includes(name))).toEqual(['an age', 'a session time-out'])
  })

  it('and accuses nobody falsely', async () => {
    expect(await named([...NEAR_MISSES_KEPT_BACK, ...NEAR_MISSES_LATER])).toEqual([])
  })
})

it('does not depend on which article comes first', async () => {
  for (const one of PLANTED) {
    const [first, second] = articlesOf(one)
    const found = await findConflicts(first && second ? [second, first] : [])
    expect(found.map((conflict) => [conflict.second.sentence, conflict.first.sentence])).toEqual([one.sentences])
  }
})
