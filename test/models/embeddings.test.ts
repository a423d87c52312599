import { LLMock } from '@copilotkit/aimock'
import { describe, expect, it } from 'vitest'
import { createOpenAIEmbeddings } from '../../src/models/embeddings.ts'

describe('the embeddings', { timeout: 20_000 }, () => {
  it('come from the server in the order of the texts, and survive one failure', async () => {
    const server = await LLMock.create({ port: 0 })
    server.onEmbedding(/router/, { embedding: [0.1, 0.2, 0.3] })
    server.nextRequestError(503)
    try {
      const embeddings = createOpenAIEmbeddings({ baseUrl: `${server.url}/v1`, model: 'small' })
      expect(await embeddings.embedQuery('router')).toEqual([0.1, 0.2, 0.3])
      expect(await embeddings.embedDocuments(['router one', 'router two'])).toHaveLength(2)
      expect(server.getRequests().map((entry) => entry.response.status)).toEqual([503, 200, 200])
    } finally {
      await server.stop()
    }
  })
})
