/** The vector scaled to length 1, so that a dot product is the cosine. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return length === 0 || Math.abs(length - 1) < 1e-6 ? vector : vector.map((value) => value / length)
}
