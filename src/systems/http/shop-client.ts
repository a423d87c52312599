import { z } from 'zod'
import { Refusal } from '../../../graphs/systems.ts'

/** Where the shop's own systems are. */
export interface ShopClientOptions {
  /** Such as `https://shop.example/baton/v1`. */
  baseUrl: string
  /** Sent as `Authorization: Bearer …`. */
  token: string
  /** The platform's unless told. */
  fetch?: typeof fetch
  /** For one request with its answer, in milliseconds; 10,000 unless told. */
  timeoutMs?: number
}

const TIMEOUT_MS = 10_000

/** More than any answer needs; more would be held in memory while it arrives. */
const MOST_BYTES = 2_000_000

const REFUSALS = new Set([404, 409, 422])

const errorBody = z.object({
  error: z.object({ code: z.string().regex(/^[a-z_]+\.[a-z_]+$/), message: z.string().min(1) }),
})

interface Answer {
  status: number
  body: unknown
}

/**
 * Requests with the shop's conventions. Whatever is not a clear answer (another status, another shape, a redirect, no
 * answer in time) is an error: for a change, it stays open whether it was done.
 */
export function createShopClient(options: ShopClientOptions) {
  const base = options.baseUrl.replace(/\/+$/, '')
  const send = options.fetch ?? fetch

  async function request(method: string, path: string[], { query, body, key }: RequestParts = {}): Promise<Answer> {
    const search = query ? `?${new URLSearchParams(query)}` : ''
    const response = await send(`${base}/${path.map(encodeURIComponent).join('/')}${search}`, {
      method,
      // Whoever answers elsewhere is not who the token is for.
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
      headers: {
        Accept: 'application/json',
        Authorization: `Bearer ${options.token}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: parse(await textOf(response)) }
  }

  async function read<T>(
    schema: z.ZodType<T>,
    method: string,
    path: string[],
    parts?: RequestParts,
  ): Promise<T | null> {
    if (!path.every(isSegment)) return null
    const { status, body } = await request(method, path, parts)
    if (status === 404) return null
    return believe(schema, method, path, { status, body })
  }

  return {
    /** One thing; null where it is not there or not the customer's. */
    get: <T>(schema: z.ZodType<T>, path: string[], query?: Record<string, string>) =>
      read(schema, 'GET', path, query && { query }),

    /** The same, with what must not stand in an access log. */
    look: <T>(schema: z.ZodType<T>, path: string[], body: unknown) => read(schema, 'POST', path, { body }),

    async list<T>(schema: z.ZodType<T>, path: string[], limit?: number): Promise<T[]> {
      const query = limit === undefined ? undefined : { query: { limit: String(limit) } }
      const all = (await read(z.array(schema), 'GET', path, query)) ?? []
      return limit === undefined ? all : all.slice(0, limit)
    },

    /** @throws {Refusal} when the shop says that it was not done and will not be */
    async change<T>(schema: z.ZodType<T>, path: string[], body: unknown, key: string): Promise<T> {
      if (!path.every(isSegment)) throw new Refusal('shop.not_found', 'There is nothing of that name.')
      const answer = await request('POST', path, { body, key })
      const refusal = REFUSALS.has(answer.status) ? errorBody.safeParse(answer.body).data : undefined
      if (refusal) throw new Refusal(refusal.error.code, refusal.error.message)
      return believe(schema, 'POST', path, answer)
    },

    /**
     * What a key came to, when it is one of `kinds`. A 404 has to say so in its body: one of a wrong address or of a
     * proxy in between would call undone what was done.
     */
    async settled<T>(key: string, kinds: Record<string, z.ZodType<T>>): Promise<T | null> {
      const path = ['settled', key]
      if (!isSegment(key)) return null
      const answer = await request('GET', path)
      if (answer.status === 404 && errorBody.safeParse(answer.body).success) return null
      const { kind, result } = believe(z.object({ kind: z.string(), result: z.unknown() }), 'GET', path, answer)
      const schema = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
      return schema ? believe(schema, 'GET', path, { status: answer.status, body: result }) : null
    },
  }
}

interface RequestParts {
  query?: Record<string, string>
  body?: unknown
  key?: string
}

/** Dots would climb in the path, encoded or not. */
function isSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..'
}

function believe<T>(schema: z.ZodType<T>, method: string, path: string[], { status, body }: Answer): T {
  // Ids and amounts stay out: this ends in logs.
  const what = `${method} ${path.filter((_, i) => i % 2 === 0).join('/')}`
  if (status !== 200 && status !== 201) throw new Error(`the shop's systems answered ${status} to ${what}`)
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
  throw new Error(`the shop's systems answered ${what} in another shape: ${wrong}`)
}

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the rest.
    if (bytes > MOST_BYTES) throw new Error(`the shop's systems answered more than ${MOST_BYTES} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
