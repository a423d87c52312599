/**
 * Unit vectors, each kept as bytes and one scale, so that a hundred thousand of them can be compared with a query without
 * a second copy of what the vector index holds. A similarity is off by about a thousandth. A row of scale 0 is no vector.
 */
export interface VectorMatrix {
  dimensions: number
  values: Int8Array
  scales: Float32Array
}

const LARGEST = 127

/** Rows in the order in which they are pushed; undefined is a row without a vector. */
export function createMatrixBuilder() {
  const rows: (Float32Array | undefined)[] = []
  return {
    push: (vector: Float32Array | undefined) => void rows.push(vector),
    finish(dimensions: number): VectorMatrix {
      const matrix = {
        dimensions,
        values: new Int8Array(rows.length * dimensions),
        scales: new Float32Array(rows.length),
      }
      for (const [row, vector] of rows.entries()) {
        if (!vector) continue
        const scale = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / LARGEST
        matrix.scales[row] = scale
        for (let index = 0; index < dimensions; index += 1)
          matrix.values[row * dimensions + index] = Math.round((vector[index] as number) / scale)
      }
      return matrix
    },
  }
}

/** The cosine of a row and a unit vector of the same length; 0 for a row without a vector. */
export function similarityTo({ dimensions, values, scales }: VectorMatrix, row: number, query: Float32Array): number {
  const scale = scales[row] ?? 0
  if (scale === 0) return 0
  const start = row * dimensions
  let sum = 0
  for (let index = 0; index < dimensions; index += 1)
    sum += (values[start + index] as number) * (query[index] as number)
  return sum * scale
}

/** One matrix of both, the second's rows behind the first's. */
export function joinMatrices(first: VectorMatrix, second: VectorMatrix): VectorMatrix {
  const dimensions = first.dimensions || second.dimensions
  const values = new Int8Array(first.values.length + second.values.length)
  values.set(first.values)
  values.set(second.values, first.values.length)
  const scales = new Float32Array(first.scales.length + second.scales.length)
  scales.set(first.scales)
  scales.set(second.scales, first.scales.length)
  return { dimensions, values, scales }
}
