import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { type LoadedScenario, loadScenarios } from '../../src/simulate/load-scenarios.ts'
import { createMasking } from '../../src/simulate/masking.ts'
import { type Played, play } from '../../src/simulate/play.ts'
import { createRecording } from '../../src/simulate/recording.ts'
import { junitXml, resultText } from '../../src/simulate/report.ts'
import { passHatK, simulate } from '../../src/simulate/simulate.ts'
import { openTheatre, type Stage, type Theatre } from '../../src/simulate/stage.ts'
import { testFrom } from '../../src/simulate/test-from.ts'
import { type Switch, without } from '../../src/simulate/without.ts'
import { scratch } from '../app.ts'
import { openAIServer } from '../providers/provider.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await openTheatre(loadConfig({}))
})
afterAll(() => theatre[Symbol.asyncDispose]())

async function scenarios(yaml: string): Promise<LoadedScenario[]> {
  const path = join(scratch(), 'a.yaml')
  writeFileSync(path, yaml)
  return loadScenarios([path])
}

async function playYaml(yaml: string, off: Switch[] = []): Promise<Played> {
  const [only] = await scenarios(yaml)
  return play(theatre, only as LoadedScenario, { seed: 0, live: false, overrides: (clock) => without(off, clock) })
}

const shipped = await loadScenarios([fileURLToPath(new URL('../simulations', import.meta.url))])

// Three each are the promise; which ones does not matter as long as they need the part.
test.each<[Switch, string[]]>([
  [
    'router',
    [
      'inside the window an item is returned with a label',
      'a set-up question is answered in steps from its article',
      'who asks for a person gets one, and the AI is silent then',
      'courtesy is answered and asks nobody',
    ],
  ],
  [
    'gate',
    [
      "a model's words that hold a secret never reach the customer",
      'a model that recites its instructions is held back',
      'a handoff that is only said becomes a real one',
    ],
  ],
  [
    'ledger',
    [
      'a double charge is found, put to the customer and refunded once',
      'a refund above the limit is done when one person agrees',
      'a subscription ends with what is paid',
      'an item is exchanged for another size',
    ],
  ],
])('without the %s at least three of the tests that come with Baton fail', { timeout: 60_000 }, async (part, names) => {
  const chosen = shipped.filter(({ test }) => names.includes(test))
  expect(chosen).toHaveLength(names.length)
  const red: string[] = []
  for (const one of chosen) {
    const { ok } = await play(theatre, one, { seed: 0, live: false, overrides: (clock) => without([part], clock) })
    if (!ok) red.push(one.test)
  }
  expect(red.length, red.join('; ')).toBeGreaterThanOrEqual(3)
})

test('a miss says what was expected, what was seen and the whole conversation, and ends the test there', async () => {
  const run = await playYaml(`- test: a dog
  steps:
    - say: my card was declined
      expect: { route: billing, contains: a dog }
    - say: thank you
`)
  expect(run).toMatchObject({ ok: false, misses: [{ where: 'step 1 “my card was declined”', what: 'contains' }] })
  const text = resultText({ test: 'a dog', file: 'a.yaml', line: 1, ok: false, runs: [run] })
  expect(text).toMatch(/✗ a dog {2}a\.yaml:1\n.*contains\n\s+expected {2}a dog\n\s+seen {6}A declined card/s)
  expect(text).toMatch(/The conversation so far:\n\s+customer: my card was declined\n\s+· route: billing/)
  expect(text).not.toContain('thank you')
})

test('rows, effects and events that are not as expected are each told', async () => {
  const run = await playYaml(`- test: all wrong
  customer: nora
  steps:
    - say: I was charged twice for my subscription this month
      expect:
        effects: [{ tool: refund_charge, state: done, amount: EUR 7.91 }]
        tables: [{ table: shop_refunds, where: { charge_id: ch_1001b }, count: 1 }, { table: no_such_table, count: 1 }]
        events: [{ type: code-sent }]
        noEvents: effect-planned
        status: with_human
        pending: none
        escalation: customer_request
`)
  expect(run.misses.map(({ what }) => what).sort()).toEqual(
    ['effects', 'escalation', 'event code-sent', 'no event effect-planned', 'pending', 'status']
      .concat(['no_such_table where {}', 'shop_refunds where {"charge_id":"ch_1001b"}'])
      .sort(),
  )
  expect(run.misses.find(({ what }) => what.startsWith('no_such'))?.seen).toMatch(/no such table/)
})

test('what nobody wrote down is looked at, too: the shop agrees with the ledger', async () => {
  const run = await playYaml(
    '- test: a refund\n  customer: nora\n  steps:\n    - say: I was charged twice for my subscription this month\n    - say: yes\n',
    ['ledger'],
  )
  expect(run.misses.map(({ seen }) => seen)).toContain('shop_refunds has a row that no effect of the ledger made')
})

test('a fault that nothing runs into is a miss', async () => {
  const run = await playYaml(
    '- test: no tool\n  steps:\n    - say: hello\n      fault: { tool: { name: list_charges } }\n',
  )
  expect(run.misses).toMatchObject([{ what: 'fault', expected: 'tool' }])
})

test('answers that nobody asked for, and questions without an answer, are misses', async () => {
  const head = '- test: recorded\n  model: recorded\n  steps:\n    - say: my card was declined\n      answers: '
  expect((await playYaml(`${head}[The bank has refused it., And once more.]\n`)).misses).toMatchObject([
    { what: 'answers', seen: expect.stringMatching(/1 answer\(s\) were not asked for/) },
  ])
  expect((await playYaml(`${head}[{ call: list_charges }]\n`)).misses).toContainEqual(
    expect.objectContaining({ what: 'answers', seen: expect.stringMatching(/asked 1 more/) }),
  )
})

test('answers are recorded and played again, and the file keeps those of other tests', async () => {
  const folder = scratch()
  const file = join(folder, 'kept.answers.yaml')
  writeFileSync(file, 'another test: [hello]\n')
  const recording = createRecording(file)
  recording.add('a declined card', 'The bank that issued the card has refused it.')
  await recording.write()
  expect(readFileSync(file, 'utf8')).toContain('another test')
  writeFileSync(
    join(folder, 'a.yaml'),
    '- test: a declined card\n  model: recorded\n  recording: kept.answers.yaml\n  steps:\n    - say: my card was declined\n      expect: { contains: has refused it }\n',
  )
  const [only] = await loadScenarios([join(folder, 'a.yaml')])
  expect((await play(theatre, only as LoadedScenario, { seed: 0, live: false })).misses).toEqual([])
})

test('what a model server answers is recorded, and the recording plays the same without the server', async () => {
  const server = await openAIServer()
  const said = 'A declined card has been refused by the bank that issued it.'
  server.addFixture({ match: { predicate: () => true }, response: () => ({ content: said }) })
  const folder = scratch()
  const steps = 'steps:\n    - say: my card was declined\n      expect: { contains: refused by the bank }\n'
  writeFileSync(join(folder, 'live.yaml'), `- test: a card\n  ${steps}`)
  const recording = createRecording(join(folder, 'card.answers.yaml'))
  const config = loadConfig({ OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: 'a-key-for-tests' })
  const onAnswer = recording.add
  const [live] = await simulate(config, await loadScenarios([join(folder, 'live.yaml')]), { live: true, onAnswer })
  expect(live?.runs[0]?.misses).toEqual([])
  await recording.write()
  expect(readFileSync(join(folder, 'card.answers.yaml'), 'utf8')).toContain(said)
  const again = `- test: a card\n  model: recorded\n  recording: card.answers.yaml\n  ${steps}`
  writeFileSync(join(folder, 'again.yaml'), again)
  const [played] = await simulate(loadConfig({}), await loadScenarios([join(folder, 'again.yaml')]))
  expect(played?.runs[0]?.misses).toEqual([])
})

test('pass^k falls with k where a test fails now and then, and JUnit counts it as failed', () => {
  const run = (ok: boolean): Played => ({ test: 't', file: 'f.yaml', ok, misses: [], conversation: [], ms: 5 })
  const result = { test: 't', file: 'f.yaml', line: 1, ok: false, runs: [run(true), run(true), run(false)] }
  const sure = { ...result, test: 'u', ok: true, runs: [run(true), run(true), run(true)] }
  expect(passHatK([result], 3).map((chance) => Number(chance.toFixed(3)))).toEqual([0.667, 0.333, 0])
  expect(passHatK([result, sure], 3)[2]).toBe(0.5)
  const xml = junitXml([result, sure])
  expect(xml).toContain('<testsuite name="f.yaml" tests="2" failures="1"')
  expect(xml).toContain('<testcase classname="f.yaml" name="u"')
})

test('a conversation becomes a test without what is personal, and the test passes', async () => {
  const stage = await theatre.open({
    at: Date.parse('2026-11-25T10:00:00Z'),
    debounceMs: 0,
    recorded: undefined,
    live: false,
    modelFails: false,
  })
  const { yaml, masked } = await conversationOf(stage)
  expect(yaml).not.toMatch(/elena\.real|Marchetti|\+49 171|DE89 3704|Hauptstraße 12/)
  expect(masked).toMatchObject({ 'other email': 1, phone: 1, iban: 1, street: 1, 'other name': 1 })
  expect(yaml).toMatch(/customer: cus_1001/)
  const run = await playYaml(yaml)
  expect(run.misses).toEqual([])
  expect(yaml).toMatch(/tool: refund_charge\n\s+state: done/)
})

async function conversationOf(stage: Stage) {
  await using opened = stage
  const { app } = opened
  const principal = { customerId: 'cus_1001', assurance: 'verified' as const, channel: 'web' }
  let conversationId: string | undefined
  for (const text of [
    'I was charged twice for my subscription this month',
    'yes',
    'My name is Elena Marchetti, elena.real@mail.example.org, +49 171 5550123, DE89 3704 0044 0532 0130 00, Hauptstraße 12. I want to talk to a person',
  ]) {
    const accepted = await app.conversations.accept({ principal, conversationId, messageId: crypto.randomUUID(), text })
    conversationId = accepted.conversationId
    await app.conversations.result(accepted)
  }
  const reply = {
    kind: 'agent-reply',
    agent: 'Friederike',
    text: 'Hello, what can I do?',
    conversationId: conversationId ?? '',
  } as const
  await app.conversations.result(await app.desk.act(reply))
  return testFrom(app.db, conversationId ?? '')
}

test('somebody else’s data is masked consistently by the stand-in’s', () => {
  const masking = createMasking({
    real: { name: 'Ada Brandt', email: 'ada@brandt.example', orders: ['LF-20001', 'LF-20002'] },
    standIn: { name: 'Jonas Weber', email: 'jonas.weber@example.com', orders: ['LF-10520'] },
    agents: ['Friederike'],
  })
  const text = 'Ada here, ada@brandt.example: LF-20001, LF-20002, LF-20001. Friederike knows Brandt.'
  expect(masking.mask(text)).toBe(
    'Jonas here, jonas.weber@example.com: LF-10520, LF-90002, LF-10520. Mara knows Weber.',
  )
  expect(masking.mask('again LF-20002')).toBe('again LF-90002')
})
