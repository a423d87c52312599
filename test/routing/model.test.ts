import { describe, expect, it } from 'vitest'
import { classes, trainingTexts } from '../../graphs/routing/corpus.ts'
import { digestOf, loadModel } from '../../graphs/routing/model.ts'

describe('the shipped model', () => {
  it('was trained on the texts that are in the repository', () => {
    expect(loadModel().digest, 'run: npx tsx graphs/routing/train.ts').toBe(digestOf(trainingTexts()))
  }, 60_000)

  it('tells the desks, the ways out and continuations apart', () => {
    expect(loadModel().weights.classes).toEqual(classes)
  })

  it('loads within a second', () => {
    const start = performance.now()
    loadModel()
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
