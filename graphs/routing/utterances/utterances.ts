/** Patterns of one label's requests: see `expand` for how a pattern is read. */
export interface Utterances {
  /** Begin with a verb in its base form, to be carried by "I want to …", "help me …", "how do I …". */
  actions: string[]
  /** A thing or a matter, to be carried by "a question about …", "there is a problem with …". */
  matters: string[]
  /** Whole messages. */
  sentences: string[]
}
