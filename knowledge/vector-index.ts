/** A vector and the id that a search gives back for it; several entries may share an id. */
export interface VectorEntry<Id = string> {
  id: Id
  vector: Float32Array
}

/** Nearest neighbours over a fixed set of vectors. A change of the set is a new index, swapped for the old one. */
export interface VectorIndex<Id = string> {
  /** Number of entries. */
  readonly size: number
  /** Length that a query's vector must have; 0 if the index is empty. */
  readonly dimensions: number
  /** The nearest entries, best first, at most `limit`; `similarity` is the cosine, −1 to 1. */
  search(vector: ArrayLike<number>, limit: number): Promise<{ id: Id; similarity: number }[]>
}

/** Makes an index of the entries without holding up the event loop. Rejects vectors of unlike lengths. */
export type BuildVectorIndex = <Id extends string | number>(entries: VectorEntry<Id>[]) => Promise<VectorIndex<Id>>
