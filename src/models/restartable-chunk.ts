import { AIMessageChunk } from '@langchain/core/messages'
import { ChatGenerationChunk } from '@langchain/core/outputs'

/**
 * A chunk of an answer that may have to begin again. Added to what came before it, a restart chunk discards that,
 * so LangChain's own aggregation (`invoke` under a streaming callback, the run's end in a trace) ends up with the
 * answer that counts. Its message is a plain `AIMessageChunk`: a subclass would not survive a checkpoint.
 */
export class RestartableChunk extends ChatGenerationChunk {
  override concat(next: ChatGenerationChunk): RestartableChunk {
    if (!isRestart(next.message)) return new RestartableChunk(super.concat(next))
    return new RestartableChunk({ text: '', message: new AIMessageChunk({ content: '', id: this.message.id }) })
  }
}

/** The chunk that says: discard what you have of this answer, it begins again. */
export function restartChunk(): RestartableChunk {
  const message = new AIMessageChunk({ content: '', response_metadata: { restarted: true } })
  return new RestartableChunk({ text: '', message })
}

/** Whether a streamed message is the mark after which the answer begins again. */
export function isRestart(message: { response_metadata?: Record<string, unknown> }): boolean {
  return message.response_metadata?.restarted === true
}
