/** More was asked for than a turn or a conversation may spend: a person goes on. */
export class BudgetExceeded extends Error {
  /** @param what such as `model calls a turn` */
  constructor(what: string) {
    super(`The limit of ${what} is reached.`)
    this.name = 'BudgetExceeded'
  }
}

/** What a turn has to ask before it spends. Counts survive a restart. @throws {BudgetExceeded} from each */
export interface Budgets {
  /** Before each call of a model, with the characters of its prompt. */
  modelCall(turn: { turnId: string; conversationId: string }, promptCharacters: number): Promise<void>
  /** After it: what it wrote, or the tokens that the provider counted in all. */
  modelAnswered(
    turn: { turnId: string; conversationId: string },
    answer: { characters: number; tokens?: number },
  ): Promise<void>
  toolCall(turn: { turnId: string; conversationId: string }): Promise<void>
}
