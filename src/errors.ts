/** An error that may be shown to whoever caused it; anything else is `internal` and shown as nothing. */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly headers: Record<string, string>

  /**
   * @param code `area.problem`, stable: clients branch on it
   * @param status HTTP status
   * @param message a sentence for a person
   */
  constructor(code: string, status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.name = 'AppError'
    this.code = code
    this.status = status
    this.headers = headers
  }
}
