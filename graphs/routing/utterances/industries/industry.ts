/** Whole messages of one industry's customers, by who answers them: see `expand` for how a pattern is read. */
export interface Industry {
  billing: string[]
  returns: string[]
  'tech-support': string[]
}
