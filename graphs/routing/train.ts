import { writeFileSync } from 'node:fs'
import { regress } from './classifier.ts'
import { conceptsOf } from './concepts.ts'
import { classes, trainingTexts } from './corpus.ts'
import { featuresOf } from './features.ts'
import { digestOf, packModel } from './model.ts'
import { readText, stem } from './text.ts'

/** Added to the score of `out_of_scope`: a model that saw every desk's words once too often takes the unknown for its own. */
const leaning = 0.5

/** Trains the local router's model and writes `model.bin`: `npx tsx graphs/routing/train.ts`. */
function train() {
  const texts = trainingTexts()
  const counts = new Map<string, number>()
  for (const { text } of texts)
    for (const word of new Set(readText(text).words)) counts.set(stem(word), (counts.get(stem(word)) ?? 0) + 1)
  const known = new Set(
    [...counts]
      .filter(([root, count]) => count > 2 && (count > 5 || conceptsOf(root).length === 0))
      .map(([root]) => root),
  )
  const perLabel = new Map<string, number>()
  for (const { label } of texts) perLabel.set(label, (perLabel.get(label) ?? 0) + 1)
  const samples = texts.map(({ text, label }) => ({
    features: featuresOf(readText(text), known),
    label: classes.indexOf(label),
    weight: Math.sqrt(texts.length / classes.length / (perLabel.get(label) ?? 1)),
  }))
  const weights = regress(classes, samples)
  const other = classes.indexOf('out_of_scope')
  weights.bias[other] = (weights.bias[other] as number) + leaning
  writeFileSync(new URL('./model.bin', import.meta.url), packModel({ weights, known, digest: digestOf(texts) }))
  return { texts: texts.length, perLabel: Object.fromEntries(perLabel), known: known.size }
}

process.stdout.write(`${JSON.stringify(train())}\n`)
