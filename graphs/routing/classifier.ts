import type { Features } from './features.ts'
import { width } from './features.ts'

/** Linear weights of several classes over one table of hashed features. */
export interface Weights {
  classes: string[]
  /** `width` weights a place, class by class. */
  table: Float32Array
  bias: Float32Array
}

/** Probabilities of every class for one text, in the order of `weights.classes`. */
export function probabilities(weights: Weights, { places, values }: Features): number[] {
  const many = weights.classes.length
  const scores = Array.from(weights.bias)
  for (let at = 0; at < places.length; at++) {
    const base = (places[at] as number) * many
    const value = values[at] as number
    for (let one = 0; one < many; one++)
      scores[one] = (scores[one] as number) + value * (weights.table[base + one] as number)
  }
  return softmax(scores)
}

/** Scores turned into probabilities that add up to 1. */
function softmax(scores: number[]): number[] {
  const top = Math.max(...scores)
  const raised = scores.map((score) => Math.exp(score - top))
  const sum = raised.reduce((total, one) => total + one, 0)
  return raised.map((one) => one / sum)
}

/** One labelled text for training. */
export interface Sample {
  features: Features
  /** Index into the classes. */
  label: number
  weight: number
}

/**
 * Multinomial logistic regression by AdaGrad (Duchi et al. 2011), in the order given: the same samples give the same
 * weights. `softness` is the share of probability spread over the other labels (label smoothing, Szegedy et al. 2016).
 */
export function regress(
  classes: string[],
  samples: Sample[],
  {
    epochs = 4,
    rate = 0.5,
    decay = 2e-7,
    softness = 0.04,
  }: { epochs?: number; rate?: number; decay?: number; softness?: number } = {},
): Weights {
  const many = classes.length
  const table = new Float32Array(width * many)
  const squares = new Float32Array(width * many).fill(1e-2)
  const bias = new Float32Array(many)
  const weights = { classes, table, bias }
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { features, label, weight } of samples) {
      const guess = probabilities(weights, features)
      const { places, values } = features
      for (let one = 0; one < many; one++) {
        const target = one === label ? 1 - softness : softness / (many - 1)
        const miss = ((guess[one] as number) - target) * weight
        bias[one] = (bias[one] as number) - 0.01 * rate * miss
        for (let at = 0; at < places.length; at++) {
          const place = (places[at] as number) * many + one
          const gradient = miss * (values[at] as number) + decay * (table[place] as number)
          const square = (squares[place] as number) + gradient * gradient
          squares[place] = square
          table[place] = (table[place] as number) - (rate * gradient) / Math.sqrt(square)
        }
      }
    }
  }
  return weights
}
