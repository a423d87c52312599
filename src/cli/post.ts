import { AppError } from '../errors.ts'

/**
 * A JSON request to a Baton server; what the server refuses is thrown in its own words.
 * @throws {AppError} when nothing answers at `url`, or something that is no Baton server
 */
export async function post<Answer>(url: URL, body: unknown, headers: Record<string, string>) {
  const json = { 'Content-Type': 'application/json', ...headers }
  const response = await fetch(url, { method: 'POST', headers: json, body: JSON.stringify(body) }).catch(
    ({ message, cause }: Error & { cause?: Error }) => {
      throw new AppError('server.unreachable', 503, `${url.origin} does not answer: ${cause?.message ?? message}`)
    },
  )
  const answer = (await response.json().catch(() => undefined)) as
    | (Answer & { error?: { code: string; message: string } })
    | undefined
  if (answer?.error) throw new AppError(answer.error.code, response.status, answer.error.message)
  if (!answer || !response.ok)
    throw new AppError('server.unknown', 502, `${url.origin} answers ${response.status}, which no Baton server does.`)
  return { answer, cookie: response.headers.get('set-cookie')?.split(';')[0] }
}
