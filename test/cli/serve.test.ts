import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { article, installation } from './baton.ts'

const KEY = 'sk-test-0123456789abcdefghij'

describe('baton serve', { timeout: 90_000 }, () => {
  test('serves, says where, how to add a model, and ends with 0 when it is told to', async () => {
    const shop = installation()
    const server = await shop.serve()
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(server.stderr()).toContain(`API        ${server.url}/docs`)
    expect(server.stderr()).toMatch(/OPENAI_API_KEY or OPENAI_BASE_URL/)
    expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ status: 'ok', model: 'offline' })
    expect(await (await fetch(`${server.url}/ready`)).json()).toMatchObject({ status: 'ready', articles: 2 })
    expect(await server.ask('my kettle does not boil, it is broken')).toMatchObject({ status: 'answered' })
    expect(await server.stop('SIGTERM')).toBe(0)
    expect(server.stdout()).toBe('')
    expect(existsSync(join(shop.folder, 'baton.db.server.json'))).toBe(false)
  })

  test('ends with 0 on Ctrl+C while somebody reads a stream', async () => {
    const server = await installation().serve()
    const { conversationId } = await server.ask('hello')
    const reading = fetch(`${server.url}/v1/conversations/${conversationId}/events`)
    expect(await server.stop('SIGINT')).toBe(0)
    await reading.catch(() => {})
  })

  test('names its model and shows no key', async () => {
    const shop = installation({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', MODEL: 'some-model' })
    const server = await shop.serve()
    await server.stop()
    expect(server.stderr()).toContain('Model      some-model')
    expect(server.stderr()).not.toContain(KEY)
  })

  test('says that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    try {
      const { code, stderr } = await installation({ PORT: String(port) }).run(['serve'])
      expect(code).toBe(1)
      expect(stderr).toContain(`PORT ${port} is taken by another program.`)
      expect(stderr).not.toMatch(/\n {4}at /)
    } finally {
      other.close()
    }
  })

  test('says that another server has the database', async () => {
    const shop = installation()
    const server = await shop.serve()
    const { code, stderr } = await shop.run(['serve'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/Another Baton process owns .*baton\.db/)
    expect(await server.ask('hello')).toMatchObject({ status: 'answered' })
  })

  test('names everything that is wrong in the environment at once, without the secrets in it', async () => {
    const shop = installation({
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/baton',
      OPENAI_BASE_URL: 'ftp://me:hunter2@models',
      CUSTOMER_JWT_SECRET: 'hunter2',
      DESK_TOKEN: 'hunter2',
      DEBOUNCE_MS: 'soon',
      LOG_LEVEL: 'loud',
    })
    const { code, stdout, stderr } = await shop.run(['serve'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    for (const name of Object.keys(shop.env).filter((name) => !['PATH', 'HOME', 'ARTICLES_DIR'].includes(name)))
      expect(stderr).toContain(`\n  ${name}: `)
    expect(stderr).toContain('PORT: a whole number from 0 to 65535 (it is "70000")')
    expect(stderr).toContain('CUSTOMER_JWT_AUDIENCE')
    expect(stderr).not.toContain('hunter2')
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('says that the articles are not there', async () => {
    const { code, stderr } = await installation({ ARTICLES_DIR: '/nowhere' }).run(['serve'])
    expect(code).toBe(1)
    expect(stderr).toContain('ARTICLES_DIR /nowhere: There is no file or folder at /nowhere.')
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('says that the database does not answer, without its password', async () => {
    const shop = installation({ DATABASE_URL: 'postgres://baton:hunter2@127.0.0.1:1/baton' })
    const { code, stderr } = await shop.run(['serve'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/127\.0\.0\.1:1/)
    expect(stderr).not.toContain('hunter2')
    expect(stderr).not.toMatch(/\n {4}at /)
  })
})

describe('commands beside a running server', { timeout: 90_000 }, () => {
  test('an ingest goes through the server, which answers from the new article at once', async () => {
    const shop = installation()
    const server = await shop.serve()
    article(shop.articles, 'returns/teapot', 'Return a teapot', 'A teapot can be returned within 77 days.')
    const ingest = await shop.run(['ingest', shop.articles, '--json'])
    expect(JSON.parse(ingest.stdout)).toMatchObject({ added: 1, unchanged: 2, removed: 0 })
    const { reply } = await server.ask('can I return a teapot')
    expect(reply?.text).toContain('77 days')
    expect(reply?.citations[0]).toMatchObject({ articleId: 'returns/teapot', version: 1 })

    const missing = await shop.run(['ingest', '/nowhere'])
    expect(missing).toEqual({ code: 1, stdout: '', stderr: 'There is no file or folder at /nowhere.\n' })
  })

  test('a search reads the rows beside it', async () => {
    const shop = installation()
    const server = await shop.serve()
    const { code, stdout } = await shop.run(['search', 'kettle', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)[0].articleId).toBe('tech-support/kettle')
    expect(await server.ask('hello')).toMatchObject({ status: 'answered' })
  })

  test('a chat finds the server by itself, or by its address', async () => {
    const shop = installation()
    const server = await shop.serve()
    for (const args of [['chat'], ['chat', '--url', server.url]]) {
      const { code, stdout } = await shop.run(args, { input: 'where is my invoice\nlet me talk to a human\n\n' })
      expect(code).toBe(0)
      expect(stdout).toContain('billing: ')
      expect(stdout).toContain('baton: I am asking a person')
    }
    const Authorization = `Bearer ${server.stderr().match(/Bearer (\S+)/)?.[1]}`
    const queue = await fetch(`${server.url}/v1/desk/queue`, { headers: { Authorization } })
    expect(queue.status).toBe(200)
    expect(JSON.stringify(await queue.json()).match(/customer_request/g)).toHaveLength(2)
  })
})

describe('baton chat', { timeout: 90_000 }, () => {
  test('talks in its own process, data on stdout only', async () => {
    const { code, stdout, stderr } = await installation().run(['chat'], { input: 'where is my invoice\n' })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^billing: .*\n( {2}\[\d+\] .*\n)+$/s)
    expect(stdout).not.toContain('You:')
    expect(stderr).not.toMatch(/error/i)
  })

  test('goes on in the same conversation', async () => {
    const input = 'my kettle does not boil\nlet me talk to a human\nare you there?\n'
    const { code, stdout, stderr } = await installation().run(['chat'], { input })
    expect(code).toBe(0)
    expect(stdout).toContain('baton: I am asking a person')
    expect(stderr).toContain('(a person has this conversation)')
  })

  test('says that nobody answers at an address', async () => {
    const { code, stdout, stderr } = await installation().run(['chat', '--url', 'http://127.0.0.1:9'], {
      input: 'hi\n',
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('http://127.0.0.1:9 does not answer')
  })
})
