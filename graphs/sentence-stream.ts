import type { ReplyGate } from './reply-gate.ts'

/** Collects a model's tokens and passes them on a sentence at a time, as far as the gate releases them. */
export interface SentenceStream {
  write(text: string): void
  /** Passes on what is left. */
  end(): void
  /** Forgets everything: the model starts over. */
  restart(): void
}

/** @param show called with each released piece, in order; after a held-back sentence nothing more is shown */
export function createSentenceStream(gate: Pick<ReplyGate, 'releases'>, show: (text: string) => void): SentenceStream {
  let buffer = ''
  let held = false
  const release = (piece: string) => {
    if (piece === '' || held) return
    if (gate.releases(piece)) show(piece)
    else held = true
  }
  return {
    write(text) {
      buffer += text
      const end = lastBoundary(buffer)
      if (end === 0) return
      release(buffer.slice(0, end))
      buffer = buffer.slice(end)
    },
    end() {
      release(buffer)
      buffer = ''
    },
    restart() {
      buffer = ''
      held = false
    },
  }
}

function lastBoundary(text: string): number {
  let end = 0
  for (const match of text.matchAll(/[.!?…]["'”’)]?(?:\s*\[\d{1,2}\])*\s+|\n+/g)) end = match.index + match[0].length
  return end
}
