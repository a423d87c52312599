import { OpenAIEmbeddings } from '@langchain/openai'

/** Where an OpenAI-compatible embeddings endpoint is and what to ask of it. */
export interface OpenAIEmbeddingsOptions {
  /** Undefined for servers that want none. */
  apiKey?: string | undefined
  /** Such as `http://localhost:11434/v1`; OpenAI's own unless told. */
  baseUrl?: string | undefined
  /** The model's name as the server knows it. */
  model: string
  /** For one request; 10,000 ms unless told. */
  timeoutMs?: number | undefined
}

/**
 * Embeddings from any OpenAI-compatible server, 64 texts a request. A request that fails with 408, 429, 5xx, a network
 * error or the time-out is tried twice more, with LangChain's exponential waits. Throws the `openai` package's errors.
 */
export function createOpenAIEmbeddings(options: OpenAIEmbeddingsOptions): OpenAIEmbeddings {
  return new OpenAIEmbeddings({
    model: options.model,
    apiKey: options.apiKey ?? 'none',
    timeout: options.timeoutMs ?? 10_000,
    maxRetries: 2,
    batchSize: 64,
    // The client asks for base64 by itself, which several compatible servers ignore or refuse.
    encodingFormat: 'float',
    ...(options.baseUrl ? { configuration: { baseURL: options.baseUrl } } : {}),
  })
}
