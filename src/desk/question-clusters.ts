import { setImmediate as nextTick } from 'node:timers/promises'

/** Vectors that are compared before other work gets its turn. */
const AT_ONCE = 20

/**
 * Puts vectors of unit length into clusters, in one pass and in the order in which they are given: each joins the
 * cluster whose mean it is most similar to (by cosine), if that is at least `least`, and begins one of its own
 * otherwise. It is Hartigan's leader algorithm (Clustering Algorithms, 1975, chapter 3) with the mean of a cluster in
 * place of its first member. The same vectors in the same order always give the same clusters, and what comes later
 * never moves what came before.
 * @returns for each vector the number of its cluster, counted from 0 in the order in which they were begun
 */
export async function clusterInOnePass(vectors: number[][], least: number): Promise<number[]> {
  const means: { sum: Float64Array; length: number }[] = []
  const found: number[] = []
  for (const [i, vector] of vectors.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await nextTick()
    let best = -1
    let similarity = least
    for (const [cluster, { sum, length }] of means.entries()) {
      const cosine = dot(sum, vector) / length
      if (cosine < similarity) continue
      similarity = cosine
      best = cluster
    }
    const sum = means[best]?.sum ?? new Float64Array(vector.length)
    for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + value
    if (best === -1) best = means.length
    means[best] = { sum, length: Math.sqrt(dot(sum, sum)) || 1 }
    found.push(best)
  }
  return found
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
