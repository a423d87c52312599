import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { article, installation } from './baton.ts'

describe('baton ingest', { timeout: 60_000 }, () => {
  test('writes only what changed', async () => {
    const shop = installation()
    const ingest = async () => JSON.parse((await shop.run(['ingest', shop.articles, '--json'])).stdout)
    expect(await ingest()).toEqual({
      added: 2,
      changed: 0,
      unchanged: 0,
      removed: 0,
      problems: [],
      conflicts: [],
      overdue: [],
    })
    expect(await ingest()).toEqual({
      added: 0,
      changed: 0,
      unchanged: 2,
      removed: 0,
      problems: [],
      conflicts: [],
      overdue: [],
    })
    article(shop.articles, 'tech-support/kettle', 'The kettle does not boil', 'Press the red button under the kettle.')
    article(shop.articles, 'returns/kettle', 'Return a kettle', 'Dry the kettle before you send it.')
    rmSync(join(shop.articles, 'billing/lost-invoice.md'))
    expect(await ingest()).toEqual({
      added: 1,
      changed: 1,
      unchanged: 0,
      removed: 1,
      problems: [],
      conflicts: [],
      overdue: [],
    })
  })

  test('reports a broken file, takes in the others and exits 1', async () => {
    const shop = installation()
    writeFileSync(join(shop.articles, 'billing/broken.md'), '---\ntitle: [\n---\nNothing.')
    writeFileSync(join(shop.articles, 'billing/picture.png'), 'no text')
    const { code, stdout, stderr } = await shop.run(['ingest', shop.articles])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '2 added, 0 changed, 0 unchanged, 0 removed\n' })
    expect(stderr).toMatch(/billing\/broken\.md: \S/)
    expect(stderr).toMatch(/billing\/picture\.png: no loader reads \.png/)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('reads JSONL and names its broken line', async () => {
    const shop = installation()
    const file = shop.file('more.jsonl', [{ id: 'tent', title: 'Dry a wet tent', text: 'In the shade.' }, '{"id":'])
    const { code, stdout, stderr } = await shop.run(['ingest', file])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '1 added, 0 changed, 0 unchanged, 0 removed\n' })
    expect(stderr).toContain('more.jsonl:2')
  })

  test('names contradictions and overdue reviews, which fail it only when it is strict, and lists them later', async () => {
    const shop = installation()
    const headed = (more: string) => `---\ntitle: Returns ${more}\n---\n`
    writeFileSync(join(shop.articles, 'billing/a.md'), `${headed('one')}A return costs EUR 5 within the EU.`)
    writeFileSync(join(shop.articles, 'billing/b.md'), `${headed('two')}A return costs EUR 7 within the EU.`)
    writeFileSync(join(shop.articles, 'billing/c.md'), '---\ntitle: Old\nreviewBy: 2020-01-31\n---\nOf old.')
    const { code, stderr } = await shop.run(['ingest', shop.articles])
    expect(code).toBe(0)
    expect(stderr).toContain('contradict each other:\n  A return costs EUR 5 within the EU.\n  A return costs EUR 7')
    expect(stderr).toContain('the review of "Old" was due on 2020-01-31')
    expect((await shop.run(['ingest', shop.articles, '--strict'])).code).toBe(1)
    const check = await shop.run(['ingest', '--check', '--json'])
    expect(check.code).toBe(0)
    const { conflicts, overdue } = JSON.parse(check.stdout)
    expect([conflicts.length, overdue.length]).toEqual([1, 1])
    expect((await shop.run(['ingest', '--check', '--strict'])).code).toBe(1)
    expect((await shop.run(['ingest'])).code).toBe(2)
  })

  test('says which path is not there', async () => {
    const shop = installation()
    const { code, stdout, stderr } = await shop.run(['ingest', 'nowhere'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(`There is no file or folder at ${shop.folder}/nowhere.\n`)
  })
})

describe('baton search', { timeout: 60_000 }, () => {
  test('prints what a specialist would be given, within a scope and a number', async () => {
    const shop = installation()
    const search = async (...args: string[]) => JSON.parse((await shop.run(['search', ...args, '--json'])).stdout)
    const [first] = await search('the kettle will not boil')
    expect(first).toMatchObject({ articleId: 'tech-support/kettle', title: 'The kettle does not boil', version: 1 })
    expect(await search('--scope', 'billing', 'the kettle will not boil')).not.toContainEqual(
      expect.objectContaining({ scope: 'tech-support' }),
    )
    expect(await search('kettle invoice', '--scope', 'billing', '--scope', 'tech-support')).toHaveLength(2)
    expect(await search('kettle invoice', '--limit', '1')).toHaveLength(1)
    expect(await search('kettle', '--scope', 'nothing')).toEqual([])
  })

  test('finds what held on a day, in a region and on a plan', async () => {
    const shop = installation()
    const page = (fields: string, text: string) => `---\ntitle: Return fee\n${fields}\n---\n${text}`
    writeFileSync(join(shop.articles, 'billing/then.md'), page('validTo: 2025-12-31', 'The return fee is EUR 5.'))
    writeFileSync(
      join(shop.articles, 'billing/now.md'),
      page('validFrom: 2026-01-01\nregion: eu', 'The return fee is EUR 7.'),
    )
    await shop.run(['ingest', shop.articles])
    const found = async (...args: string[]) =>
      JSON.parse((await shop.run(['search', 'return fee', '--scope', 'billing', '--json', ...args])).stdout)
        .map(({ articleId }: { articleId: string }) => articleId)
        .filter((id: string) => /then|now/.test(id))
    expect(await found('--as-of', '2025-12-31')).toEqual(['billing/then'])
    expect(await found('--as-of', '2026-01-01', '--region', 'EU')).toEqual(['billing/now'])
    expect(await found('--as-of', '2026-01-01', '--region', 'us')).toEqual([])
    expect((await shop.run(['search', 'fee', '--as-of', 'soon'])).code).toBe(2)
  })

  test('is read by people without --json', async () => {
    const { code, stdout, stderr } = await installation().run(['search', 'kettle'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('The kettle does not boil')
    expect(stdout).toContain('Descale the kettle')
  })

  test('leaves a store with articles as it is', async () => {
    const shop = installation()
    const own = join(shop.folder, 'own')
    article(own, 'returns/tent', 'Return a tent', 'Dry the tent before you send it.')
    await shop.run(['ingest', own])
    const { stdout } = await shop.run(['search', 'kettle tent', '--json'])
    expect(JSON.parse(stdout).map(({ articleId }: { articleId: string }) => articleId)).toEqual(['returns/tent'])
  })

  test('ends as soon as it has answered', async () => {
    const shop = installation()
    const before = performance.now()
    await shop.run(['search', 'kettle'])
    expect(performance.now() - before).toBeLessThan(20_000)
  })
})
