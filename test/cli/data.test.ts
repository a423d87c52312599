import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { installation } from './baton.ts'

const limit = { timeout: 60_000 }
const rows = [
  { id: 'a', text: 'my card was declined' },
  { id: 2, text: 'let me talk to a human' },
  { id: 'c', text: 'my router keeps dropping the wifi', note: 'more fields do no harm' },
]

describe('baton route', limit, () => {
  test('reads JSONL on standard input and writes a line for each', async () => {
    const input = rows.map((row) => JSON.stringify(row)).join('\n')
    const { code, stdout, stderr } = await installation().run(['route', '--json'], { input })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(linesOf(stdout)).toEqual([
      { id: 'a', to: 'billing', confidence: expect.any(Number), by: 'local' },
      { id: 2, to: 'human', confidence: expect.any(Number), by: 'local' },
      { id: 'c', to: 'tech-support', confidence: expect.any(Number), by: 'local' },
    ])
  })

  test('names the lines of a file that it cannot read, routes the others and exits 1', async () => {
    const shop = installation()
    const file = shop.file('rows.jsonl', [rows[0], '{"id": 7, "text"', { id: 8 }, '', rows[2]])
    const { code, stdout, stderr } = await shop.run(['route', file, '--json'])
    expect(code).toBe(1)
    expect(linesOf(stdout).map(({ id }) => id)).toEqual(['a', 'c'])
    expect(stderr).toContain('line 2: this is not JSON')
    expect(stderr).toMatch(/line 3: text/)
  })

  test('says which file is not there', async () => {
    const { code, stdout, stderr } = await installation().run(['route', 'nowhere.jsonl'])
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'nowhere.jsonl: there is no such file\n' })
  })

  test('is quiet when its reader has seen enough', async () => {
    const shop = installation()
    const many = Array.from({ length: 20_000 }, (_, id) => ({ id, text: `my card was declined ${id}` }))
    const file = shop.file('many.jsonl', many)
    const baton = fileURLToPath(new URL('../../bin/baton.js', import.meta.url))
    const shell = spawn('bash', ['-c', `"${process.execPath}" "${baton}" route "${file}" | head -n 1`], {
      env: shop.env,
    })
    onTestFinished(() => void shell.kill('SIGKILL'))
    let stdout = ''
    let stderr = ''
    shell.stdout.on('data', (text) => {
      stdout += text
    })
    shell.stderr.on('data', (text) => {
      stderr += text
    })
    await once(shell, 'close')
    expect(stderr).toBe('')
    expect(linesOf(stdout)).toHaveLength(1)
  })
})

describe('baton eval', limit, () => {
  const labelled = [
    { text: 'my card was declined', label: 'billing' },
    { text: 'where is my invoice', label: 'billing' },
    { text: 'I want to return my order', label: 'returns' },
    { text: 'my router keeps dropping the wifi', label: 'tech_support' },
    { text: 'let me talk to a human', label: 'human' },
    { text: 'who won the world cup in 1998', label: 'other' },
  ]
  const fraction = expect.toSatisfy((value) => typeof value === 'number' && value >= 0 && value <= 1)

  test('routing prints one object of figures with a constant answer beside them', async () => {
    const shop = installation()
    const { code, stdout } = await shop.run(['eval', 'routing', shop.file('rows.jsonl', labelled), '--json'])
    expect(code).toBe(0)
    const [figures, ...rest] = linesOf(stdout)
    expect(rest).toEqual([])
    expect(figures).toMatchObject({
      n: 6,
      accuracy: 1,
      macroF1: 1,
      coverageAt97: 1,
      calibrationError: fraction,
      baseline: { accuracy: 2 / 6, macroF1: fraction },
    })
    expect(Object.keys(figures.perLabel)).toEqual(['billing', 'human', 'out_of_scope', 'returns', 'tech-support'])
  })

  test('dialogues prints its figures', async () => {
    const shop = installation()
    const turns = [
      { text: 'my router keeps dropping the wifi', owner: 'tech_support', kind: 'open' },
      { text: 'it is white', owner: 'tech_support', kind: 'followup' },
      { text: 'thanks', owner: null, kind: 'courtesy' },
      { text: 'also I was charged twice this month', owner: 'billing', kind: 'switch' },
      { text: 'let me talk to a human', owner: 'human', kind: 'human' },
    ]
    const { code, stdout } = await shop.run(['eval', 'dialogues', shop.file('rows.jsonl', [{ turns }]), '--json'])
    expect(code).toBe(0)
    const [figures] = linesOf(stdout)
    for (const name of ['turns', 'followups', 'switches', 'humans', 'outOfScope', 'whole', 'baseline'])
      expect(figures).toHaveProperty(name)
  })

  test('routing leaves one source out at a time', async () => {
    const shop = installation()
    const sourced = labelled.map((row, at) => ({ ...row, source: at % 2 ? 'one' : 'two' }))
    const args = ['eval', 'routing', shop.file('rows.jsonl', sourced), '--json', '--leave-one-out', 'source']
    const { code, stdout } = await shop.run([...args, '--min', 'leftOut.worstAccuracy=0.9'])
    expect(code).toBe(0)
    expect(linesOf(stdout)[0].leftOut).toMatchObject({
      sources: { one: { n: 3, accuracy: 1, threshold: fraction, coverage: fraction, precision: 1 }, two: { n: 3 } },
      worstAccuracy: 1,
    })
  })

  test('escalation prints flat figures, of which the false alarms can be capped', async () => {
    const shop = installation()
    const rows = [
      { text: 'put me through to an agent', label: 'asks_human' },
      { text: 'shut up you stupid machine', label: 'abusive' },
      { text: 'this is the fifth time I tell you', label: 'frustrated' },
      { text: 'where is my invoice', label: 'not_abusive' },
      { text: 'can an operator call me', label: 'not_abusive' },
    ]
    const args = ['eval', 'escalation', shop.file('rows.jsonl', rows), '--json']
    const told = await shop.run([...args, '--min', 'asksHumanRecall=1', '--max', 'asksHumanFalseAlarms=0.2'])
    expect({ code: told.code, stderr: told.stderr }).toEqual({
      code: 1,
      stderr: 'asksHumanFalseAlarms is 0.25, above 0.2\n',
    })
    expect(linesOf(told.stdout)[0]).toMatchObject({
      ...{ n: 5, asksHumanRecall: 1, abusiveRecall: 1, abusiveFalseAlarms: 0, frustratedRecall: 1 },
      baseline: { asksHumanRecall: 1, asksHumanFalseAlarms: 1 },
    })
  })

  test('retrieval measures in a store of its own', async () => {
    const shop = installation()
    const corpus = shop.file('corpus.jsonl', [
      { id: 'kettle', title: 'The kettle does not boil', text: 'Descale the kettle with vinegar.' },
      { id: 'invoice', title: 'Find an invoice', text: 'Every invoice is in your account.' },
      { id: 'tent', title: 'Dry a wet tent', text: 'Hang the tent in the shade until it is dry.' },
    ])
    const queries = shop.file('queries.jsonl', [
      { query: 'kettle will not boil', relevant: ['kettle'] },
      { query: 'where do I find the invoice', relevant: ['invoice'] },
    ])
    const args = ['eval', 'retrieval', '--corpus', corpus, '--queries', queries, '--json']
    const { code, stdout } = await shop.run([...args, '--min', 'hitAt1=1', '--min', 'recallAt10=1'])
    expect(code).toBe(0)
    const [figures] = linesOf(stdout)
    expect(figures).toMatchObject({ hitAt1: 1, hitAt5: 1, mrrAt10: 1, recallAt10: 1 })
    expect(figures.baseline).toMatchObject({
      hitAt1: fraction,
      hitAt5: fraction,
      mrrAt10: fraction,
      recallAt10: fraction,
    })
    const { stdout: found } = await shop.run(['search', 'a wet tent or a kettle', '--json'])
    expect(linesOf(found)[0].map(({ articleId }: { articleId: string }) => articleId)).not.toContain('tent')
  })

  test('exits 1 below a minimum, still prints the figures, and says which fell short', async () => {
    const shop = installation()
    const file = shop.file('rows.jsonl', [...labelled, { text: 'my card was declined', label: 'returns' }])
    const minima = ['--min', 'accuracy=0.99', '--min', 'n=7', '--min', 'perLabel.human.recall=1']
    const { code, stdout, stderr } = await shop.run(['eval', 'routing', file, '--json', ...minima])
    expect(code).toBe(1)
    expect(linesOf(stdout)[0].n).toBe(7)
    expect(stderr).toMatch(/^accuracy is 0\.857\d*, below 0\.99\n$/)
  })

  test('exits 2 for a minimum of a figure that there is not', async () => {
    const shop = installation()
    const args = ['eval', 'routing', shop.file('rows.jsonl', labelled), '--min', 'beauty=1']
    const { code, stderr } = await shop.run(args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('there is no figure beauty') })
  })

  test.each([
    ['a broken row', ['{"text":'], 'line 1: this is not JSON'],
    ['a row without its label', [{ text: 'hello' }], 'line 1: label'],
    ['no rows', [''], 'has no rows'],
  ])('exits 1 for %s', async (_, lines, words) => {
    const shop = installation()
    const { code, stdout, stderr } = await shop.run(['eval', 'routing', shop.file('rows.jsonl', lines), '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(words)
  })

  test('prints a table for people', async () => {
    const shop = installation()
    const { code, stdout } = await shop.run(['eval', 'routing', shop.file('rows.jsonl', labelled)])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^accuracy +1$/m)
  })
})

function linesOf(stdout: string) {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
