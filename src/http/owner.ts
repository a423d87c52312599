import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { explainIssues } from './errors.ts'
import { type CustomerEnv, requireToken } from './principal.ts'

const ingestBody = z.strictObject({ paths: z.array(z.string().min(1)).min(1).max(100) })

interface OwnerOptions {
  ownerToken: string
  ingest(paths: string[]): Promise<unknown>
  reseedDemoShop(): Promise<{ customers: number; orders: number }>
}

/** `/v1/owner/…`: commands of this installation's command line while this process owns the SQLite file. */
export function addOwnerRoutes(
  app: OpenAPIHono<CustomerEnv>,
  { ownerToken, ingest, reseedDemoShop }: OwnerOptions,
): void {
  app.use('/v1/owner/*', requireToken(ownerToken, 'owner.unauthorized'))
  app.post('/v1/owner/ingest', async (c) => {
    const parsed = ingestBody.safeParse(await c.req.json())
    if (!parsed.success) throw explainIssues(parsed.error.issues)
    const report = await ingest(parsed.data.paths).catch((error: Error) => {
      throw new AppError('articles.unreadable', 400, error.message)
    })
    return c.json(report as object)
  })
  app.post('/v1/owner/demo-reseed', async (c) => c.json(await reseedDemoShop()))
}
