import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { OpenAIEmbeddings } from '@langchain/openai'
import { ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { classifyFailure } from './model-failure.ts'

/** Where an OpenAI-compatible embeddings endpoint is and what to ask of it. */
export interface OpenAIEmbeddingsOptions {
  /** Undefined for servers that want none. */
  apiKey?: string | undefined
  /** Such as `http://localhost:11434/v1`; OpenAI's own unless told. */
  baseUrl?: string | undefined
  /** The model's name as the server knows it. */
  model: string
  /** For one request, in milliseconds; unless told 10,000 for documents and 3,000 for a query, where a customer waits. */
  timeoutMs?: number | undefined
}

/** Requests in a row that fail before the server is left alone, and for how long, in milliseconds. */
const BREAKER = { failures: 2, openMs: 30_000 }

/**
 * Embeddings from any OpenAI-compatible server, 64 texts a request. A request that fails with 408, 429, 5xx, a network
 * error or the time-out is tried again with LangChain's exponential waits: twice for documents, once for a query. A server
 * that goes on failing is left alone for a while, so that neither a start nor each question waits for it.
 * Throws the `openai` package's errors and cockatiel's `BrokenCircuitError`.
 */
export function createOpenAIEmbeddings(options: OpenAIEmbeddingsOptions): EmbeddingsInterface {
  const documents = createClient(options, { timeoutMs: 10_000, maxRetries: 2 })
  const queries = createClient(options, { timeoutMs: 3_000, maxRetries: 1 })
  const breaker = circuitBreaker(
    handleWhen((error) => classifyFailure(error).countsAgainstProvider),
    { halfOpenAfter: BREAKER.openMs, breaker: new ConsecutiveBreaker(BREAKER.failures) },
  )
  const guarded = <Vectors>(embed: () => Promise<Vectors>) =>
    breaker.execute(embed).catch((error: Error) => {
      // A server's refusal may quote the key, and what went wrong is shown to whoever ingests.
      if (options.apiKey) error.message = error.message.replaceAll(options.apiKey, '[key]')
      throw error
    })
  return {
    embedDocuments: (texts) => guarded(() => documents.embedDocuments(texts)),
    embedQuery: (text) => guarded(() => queries.embedQuery(text)),
  }
}

function createClient(options: OpenAIEmbeddingsOptions, unlessTold: { timeoutMs: number; maxRetries: number }) {
  return new OpenAIEmbeddings({
    model: options.model,
    apiKey: options.apiKey ?? 'none',
    timeout: options.timeoutMs ?? unlessTold.timeoutMs,
    maxRetries: unlessTold.maxRetries,
    batchSize: 64,
    // The client asks for base64 by itself, which several compatible servers ignore or refuse.
    encodingFormat: 'float',
    configuration: { logLevel: 'off', ...(options.baseUrl && { baseURL: options.baseUrl }) },
  })
}
