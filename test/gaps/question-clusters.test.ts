import { expect, test } from 'vitest'
import { createLocalEmbeddings } from '../../knowledge/embeddings.ts'
import { clusterInOnePass } from '../../src/desk/question-clusters.ts'
import { ALONE, ASKED } from './questions.ts'

/** Every question with what it asks for, in an order that mixes them. */
const QUESTIONS = [
  ...ASKED.flatMap((texts, about) => texts.map((text) => ({ text, about }))),
  ...ALONE.map((text, i) => ({ text, about: ASKED.length + i })),
].sort((a, b) => a.text.length - b.text.length || (a.text < b.text ? -1 : 1))

test('questions for the same thing come together, others do not, and it is the same each time', async () => {
  const vectors = await createLocalEmbeddings().embedDocuments(QUESTIONS.map(({ text }) => text))
  const clusters = await clusterInOnePass(vectors, 0.35)
  let together = 0
  let rightly = 0
  let wanted = 0
  for (const [i, one] of QUESTIONS.entries())
    for (const [j, other] of QUESTIONS.slice(0, i).entries()) {
      const isTogether = clusters[i] === clusters[j]
      if (isTogether) together += 1
      if (one.about === other.about) wanted += 1
      if (isTogether && one.about === other.about) rightly += 1
    }
  expect({ precision: rightly / together, recall: rightly / wanted }).toSatisfy(
    ({ precision, recall }) => precision >= 0.95 && recall >= 0.8,
  )
  expect(await clusterInOnePass(vectors, 0.35)).toEqual(clusters)
  // What comes later moves nothing.
  expect(await clusterInOnePass(vectors.slice(0, 20), 0.35)).toEqual(clusters.slice(0, 20))
})
