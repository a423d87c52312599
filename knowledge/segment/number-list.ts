/** Whole numbers from 0 to 2³² − 1 that are appended one by one. */
export interface NumberList {
  readonly length: number
  push(value: number): void
  /** What was pushed, as an array of its own. */
  toArray(): Uint32Array
}

/** An empty list; ordinary arrays of millions of numbers cost several times the memory. */
export function createNumberList(): NumberList {
  let values = new Uint32Array(1024)
  let length = 0
  return {
    get length() {
      return length
    },
    push(value) {
      if (length === values.length) {
        const larger = new Uint32Array(values.length * 2)
        larger.set(values)
        values = larger
      }
      values[length] = value
      length += 1
    },
    toArray: () => values.slice(0, length),
  }
}
