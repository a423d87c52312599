/** An article as it was loaded from its source, before it is split. */
export interface Article {
  /** Stable over edits: the path below the articles' folder without its ending, or the `id` of a JSONL row. */
  id: string
  /** Who may use it: a specialist's name or `shared`. */
  scope: string
  title: string
  /** BCP 47, such as `en`. */
  language: string
  /** Other names of the subject, as customers say them. */
  aliases: string[]
  /** Questions that this article answers, as customers ask them. */
  questions: string[]
  /** ISO date, inclusive; undefined: always was. */
  validFrom?: string | undefined
  /** ISO date, inclusive; undefined: until further notice. */
  validTo?: string | undefined
  /** Lower case, as `eu` or `de-by`; undefined: in every region. A region covers the regions below it. */
  regions?: string[] | undefined
  /** Lower case, as `plus`; undefined: on every plan. */
  plans?: string[] | undefined
  /** ISO date on which somebody last confirmed that it is right. */
  reviewed?: string | undefined
  /** ISO date up to which that may be relied on, inclusive. */
  reviewBy?: string | undefined
  /** Markdown without the front matter. */
  text: string
  /** Where it came from, for people: a path or an address. */
  source: string
}

/** A retrieved piece of an article: what a specialist reads and a reply cites. */
export interface Passage {
  /** `${articleId}#${ordinal}` */
  id: string
  articleId: string
  /** Grows by one with each change of the article's content. */
  version: number
  scope: string
  title: string
  /** The headings above the passage, outermost first, without the title. */
  headings: string[]
  /** Plain Markdown text of the passage, at most about 1,200 characters. */
  text: string
  /** Position in the article, from 0. */
  ordinal: number
  language: string
  validFrom?: string | undefined
  validTo?: string | undefined
  /** As of the article; so are the others below. */
  regions?: string[] | undefined
  plans?: string[] | undefined
  reviewed?: string | undefined
  reviewBy?: string | undefined
  /** ISO timestamp at which the store took in this version; undefined where that was before it kept count. */
  changedAt?: string | undefined
}

/** A passage with how well it fits the query. */
export interface ScoredPassage extends Passage {
  /** 0 to 1, comparable within one search only. */
  score: number
  /** 0 to 1, comparable between searches: how much of the query the passage covers; low means "nothing here answers this". */
  support: number
}

/** What narrows a search. */
export interface SearchOptions {
  /** Scopes to look in; empty or undefined: all of them. */
  scopes?: string[]
  /** At most this many passages; 5 unless told. */
  limit?: number
  /** ISO date or timestamp (its day in UTC) for which the passages must be valid; today unless told. */
  asOf?: string
  /** Leaves out what is for other regions. Unless told, passages of every region are found. */
  region?: string
  /** Leaves out what is for other plans. Unless told, passages of every plan are found. */
  plan?: string
  /** Only passages in this language, whatever its region: `de` and `de-AT` are one. Unless told, every language. */
  language?: string
  /** Puts the first passage of the best article behind the best passage: it says directly what the article is about. */
  withOpening?: boolean
}

/** The one shared store of passages. */
export interface Knowledge {
  search(query: string, options?: SearchOptions): Promise<ScoredPassage[]>
}
