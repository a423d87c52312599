import { setTimeout } from 'node:timers/promises'
import { createLocalEmbeddings, nameEmbeddings } from '../../knowledge/embeddings.ts'
import { ingest } from '../../knowledge/ingest.ts'
import { createPassageStore } from '../../src/database/passages.ts'
import { openSqlite } from '../../src/database/sqlite.ts'

const [, , file = '', folder = ''] = process.argv

// A process to be killed: it embeds one article at a time, slowly, and says when it begins.
const local = createLocalEmbeddings()
const embeddings = nameEmbeddings(local.name, {
  embedQuery: (text) => local.embedQuery(text),
  async embedDocuments(texts) {
    process.stdout.write('embedding\n')
    await setTimeout(150)
    return local.embedDocuments(texts)
  },
})
const { db } = await openSqlite(file)
await ingest([folder], { store: createPassageStore(db), embeddings })
process.stdout.write('done\n')
