import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import billing from '../../graphs/specialists/billing.ts'
import returns from '../../graphs/specialists/returns.ts'
import techSupport from '../../graphs/specialists/tech-support.ts'
import type { Systems } from '../../graphs/systems.ts'
import { forModel } from '../../graphs/tool.ts'
import { NO_ANSWER } from '../../src/models/extractive-answer.ts'
import { createOfflineChatModel } from '../../src/models/offline-chat-model.ts'
import { ACTING, MISSED, READING, type ToolPhrasing } from './tool-phrasings.ts'

const handOff = tool(() => '', {
  name: 'hand_off',
  description: 'Gives the turn to a person.',
  schema: z.object({ to: z.string(), reason: z.string() }),
})
// The model is shown what the tools are called and how they are asked for; it never runs one.
const none = {} as Systems
const bound = Object.fromEntries(
  [billing, returns, techSupport].map(({ name, tools }) => [name, [...(tools?.(none) ?? []).map(forModel), handOff]]),
)

const WINDOW = 'Goods can be returned within 30 days of delivery. The window counts from the delivery scan.'

type Desk = ToolPhrasing['at']

/** What the model answers at a desk, after these messages; an ask without passages where none are given. */
async function answer(at: Desk, messages: BaseMessage[], asks?: Record<string, string>): Promise<AIMessageChunk> {
  const last = messages.findLastIndex((message) => message.getType() === 'human')
  const asked = asks ?? { [messages[last]?.text ?? '']: '' }
  const blocks = Object.entries(asked).map(([text, passage], index) => {
    const inside = passage && `<passage id="${index + 1}" article="a/${index}" title="Returns">${passage}</passage>`
    return `<ask text="${text}">${inside}</ask>`
  })
  const model = createOfflineChatModel().bindTools?.(bound[at] ?? [])
  let whole: AIMessageChunk | undefined
  for await (const chunk of (await model?.stream([new SystemMessage(blocks.join('\n')), ...messages])) ?? [])
    whole = whole ? whole.concat(chunk) : chunk
  if (!whole) throw new Error('the model said nothing')
  return whole
}

const callOf = (message: AIMessageChunk) => message.tool_calls?.map(({ name, args }) => ({ name, args }))[0]
const customer = (text: string) => new HumanMessage(text)
const us = (text: string) => new AIMessage(text)

/** A call of this turn with its result. */
function called(name: string, result: unknown, args = {}): BaseMessage[] {
  const id = `call-${name}`
  return [
    new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', id, name, args }] }),
    new ToolMessage({ tool_call_id: id, content: typeof result === 'string' ? result : JSON.stringify(result) }),
  ]
}

describe('which tool is called', () => {
  test.each(ACTING)('$at, “$text”: $tool', async ({ at, text, tool }) => {
    expect(callOf(await answer(at, [customer(text)]))?.name).toBe(tool)
  })

  test.each(READING)('$at, “$text”: none', async ({ at, text }) => {
    const message = await answer(at, [customer(text)])
    expect(message.tool_calls).toEqual([])
    expect(message.text).toBe(NO_ANSWER)
  })

  test.each(MISSED)('$at, “$text” is missed', async ({ at, text }) => {
    expect((await answer(at, [customer(text)])).tool_calls).toEqual([])
  })

  test('a tool without examples is never chosen for a customer’s words', async () => {
    expect((await answer('billing', [customer('hand off to a person, give this turn to human')])).tool_calls).toEqual(
      [],
    )
  })

  test('a prompt that lists no asks is read from the customer’s message', async () => {
    expect(callOf(await answer('billing', [customer('cancel my subscription')], {}))?.name).toBe('cancel_subscription')
  })

  test('a call comes in chunks that add up to it, is named for each place in the turn, and says what made it', async () => {
    const first = await answer('tech-support', [customer('reset my router')])
    expect(first).toMatchObject({
      text: '',
      tool_calls: [{ type: 'tool_call', id: 'offline-1', name: 'reset_device', args: { device: 'reset my router' } }],
      response_metadata: { model_name: 'offline' },
    })
    const reply = await createOfflineChatModel()
      .bindTools?.(bound['tech-support'] ?? [])
      .invoke([customer('reset my router')])
    expect(reply?.tool_calls).toEqual(first.tool_calls)
  })
})

describe('the arguments of a call', () => {
  const argsOf = async (at: Desk, ...messages: BaseMessage[]) => callOf(await answer(at, messages))?.args

  test('are read from the words by the tool’s patterns and by those that all share', async () => {
    const text = 'Please refund EUR 7.90 of order lf-10310, I was charged twice'
    expect(await argsOf('billing', customer(text))).toEqual({
      charge: text,
      orderNumber: 'LF-10310',
      amountMinor: 790,
      reason: 'double_charge',
    })
  })

  test.each([
    ['refund 12,50 to my card', 1250],
    ['refund 3 euros to my card', 300],
    ['refund my payment of €1200', 120_000],
  ])('amounts come in cents: “%s”', async (text, minor) => {
    expect(await argsOf('billing', customer(text))).toMatchObject({ amountMinor: minor })
  })

  test.each([
    ['the mug arrived in pieces and I want to return it', 'damaged'],
    ['the zipper broke, I want to return the bag', 'faulty'],
    ['you sent the wrong size, I want to return it', 'wrong_item'],
    ['the boots are too small, I want to return them', 'does_not_fit'],
    ['I changed my mind and want to return the boots', 'changed_mind'],
  ])('words mean one value of few: “%s” is %s', async (text, reason) => {
    expect(await argsOf('returns', customer(text))).toMatchObject({ reason })
  })

  test('an invoice’s number is no order’s', async () => {
    expect(await argsOf('billing', customer('refund my payment of invoice LF-2026-004512'))).not.toHaveProperty(
      'orderNumber',
    )
  })

  test('come from earlier messages, the newest first, where a message leans on them', async () => {
    const thread = [
      customer('I have a question about LF-10001'),
      us('What is it?'),
      customer('The headphones from LF-10520 stopped working'),
      us('I am sorry to hear that.'),
    ]
    expect(await argsOf('returns', ...thread, customer('I want to return it'))).toMatchObject({
      orderNumber: 'LF-10520',
      reason: 'faulty',
      item: expect.stringContaining('headphones'),
    })
  })

  test('a message leans on the last that said something, not on a yes, and on none before it', async () => {
    const thread = [
      customer('cancel my Porch Cloud subscription'),
      us('Shall I go ahead?'),
      customer('my router keeps dropping the wifi'),
      us('Shall I go ahead? Please answer yes or no.'),
      customer('yes'),
      us('The reset is done.'),
    ]
    expect(await argsOf('tech-support', ...thread, customer('it is still broken'))).toEqual({
      device: 'it is still broken\nmy router keeps dropping the wifi',
    })
  })

  test('a ticket is about what stands behind the word', async () => {
    const text = 'open a ticket about the app showing a blank page'
    const call = callOf(await answer('tech-support', [customer(text)]))
    expect(call).toEqual({ name: 'open_ticket', args: { subject: 'the app showing a blank page', detail: text } })
  })

  test('a message that stands by itself takes nothing from an earlier request', async () => {
    const thread = [customer('where is my order LF-10520'), us('It is on its way.')]
    expect(await argsOf('returns', ...thread, customer('I want to return my rain jacket please'))).toEqual({
      item: 'I want to return my rain jacket please',
    })
  })

  test('an amount is never one that was said for something else', async () => {
    const thread = [customer('why was I charged 3.90'), us('That was Porch Cloud.')]
    expect(await argsOf('billing', ...thread, customer('refund it'))).not.toHaveProperty('amountMinor')
  })

  test('a value that the tool’s schema refuses is left out', async () => {
    expect(await argsOf('billing', customer('refund 0.00 to my card'))).not.toHaveProperty('amountMinor')
  })
})

describe('the answer to a question that a tool asked', () => {
  const asked = (text: string) => [
    customer('I want to return something from my last order'),
    us(
      `You can mean one of these:\n1. Quiet 2 headphones (black), order LF-10520\n2. Rain jacket (black, M), order LF-10527\n\nWhich of these items should go back?`,
    ),
    customer(text),
  ]

  test.each([
    ['the second one', 'LF-10527'],
    ['2', 'LF-10527'],
    ['number 1 please', undefined],
    ['the first', 'LF-10520'],
    ['the last one', 'LF-10527'],
    ['the jacket', 'LF-10527'],
    ['LF-10520', 'LF-10520'],
    ['black headphones', 'LF-10520'],
  ])('“%s” goes on with the request', async (text, orderNumber) => {
    const call = callOf(await answer('returns', asked(text)))
    expect(call?.name).toBe('create_return')
    if (orderNumber) expect(call?.args).toMatchObject({ orderNumber })
  })

  test('a colour or a size fills in what the request left open', async () => {
    const call = callOf(
      await answer('returns', [
        customer('exchange my rain jacket please'),
        us(
          'Rain jacket (black, M) can be exchanged for one of these:\n1. black, L\n2. green, M\n\nWhich one would you like?',
        ),
        customer('green'),
      ]),
    )
    expect(call).toMatchObject({ name: 'exchange_item', args: { newVariant: expect.stringContaining('green, M') } })
    expect(call?.args.item).toContain('rain jacket')
  })

  test('two questions in a row lead back to the same request', async () => {
    const thread = asked('LF-10520')
    const more = [us('1. Quiet 2 headphones\n2. Volt 20 power bank\n\nWhich of these items should go back?')]
    const call = callOf(await answer('returns', [...thread, ...more, customer('the power bank')]))
    expect(call).toMatchObject({ name: 'create_return', args: { orderNumber: 'LF-10520' } })
    expect(call?.args.item).toContain('power bank')
  })

  test.each(['no', 'never mind', 'how long does a refund take', 'what does the label cost', 'none of them, thanks'])(
    '“%s” does not',
    async (text) => {
      expect((await answer('returns', asked(text))).tool_calls).toEqual([])
    },
  )

  test('a new request is a new request', async () => {
    const call = callOf(await answer('returns', asked('cancel my order LF-10633 instead')))
    expect(call).toMatchObject({ name: 'cancel_order', args: { orderNumber: 'LF-10633' } })
  })

  test('a statement of ours leaves the next message to itself', async () => {
    const thread = [customer('I want to return my jacket'), us('The label is on its way.'), customer('the black one')]
    expect((await answer('returns', thread)).tool_calls).toEqual([])
  })
})

describe('a tool’s result', () => {
  const ask = 'I was charged twice for my subscription this month'
  const resulting = (result: unknown, passage = '') =>
    answer('billing', [customer(ask), ...called('list_charges', result)], { [ask]: passage })

  test('is told as it is', async () => {
    const message = await resulting({ status: 'ok', say: 'I see one charge.', data: [] }, WINDOW)
    expect(message.text).toBe('I see one charge.')
    expect(message.tool_calls).toEqual([])
  })

  test('that found nothing is followed by what an article says', async () => {
    const message = await resulting({ status: 'ok', say: 'I see no charges.', data: null }, WINDOW)
    expect(message.text).toBe(
      'I see no charges.\n\nGoods can be returned within 30 days of delivery. The window counts from the delivery scan. [1]',
    )
  })

  test('that names the next call is followed by it, once', async () => {
    const next = { tool: 'refund_charge', args: { charge: 'ch_1', reason: 'double_charge' } }
    const result = { status: 'ok', say: 'It was charged twice.', next }
    const message = await resulting(result)
    expect(message.tool_calls).toMatchObject([{ id: 'offline-2', name: 'refund_charge', args: next.args }])
    const refunded = called('refund_charge', { status: 'ok', say: 'Said.', next }, next.args)
    const again = await answer('billing', [customer(ask), ...called('list_charges', result), ...refunded])
    expect(again.tool_calls).toEqual([])
    expect(again.text).toBe('Said.')
  })

  test('may hand the turn to a person', async () => {
    const args = { to: 'human', reason: 'Still broken.' }
    const message = await resulting({ status: 'ok', say: 'Still broken.', next: { tool: 'hand_off', args } })
    expect(callOf(message)).toEqual({ name: 'hand_off', args })
  })

  test('that names a tool nobody bound is told as it is', async () => {
    const next = { tool: 'wire_money', args: {} }
    expect((await resulting({ status: 'ok', say: 'Found.', next })).text).toBe('Found.')
  })

  test('that needs to know the customer leaves the articles to answer, or says only that it can be looked at', async () => {
    expect((await resulting({ status: 'verification_needed' }, WINDOW)).text).toBe(`${WINDOW} [1]`)
    expect((await resulting({ status: 'verification_needed' })).text).toBe('I can look at that for you.')
  })

  test('that plans something leaves the plan to be put to the customer beside it', async () => {
    const message = await resulting({ status: 'planned', summary: 'refund EUR 7.90' }, WINDOW)
    expect(message.text).toBe('I have looked into it.')
  })

  test.each(['refused', 'repeated'])('%s is told, with an article only where that has the rule', async (status) => {
    const message = 'It could be returned until 3 November 2026, 30 days after delivery.'
    expect((await resulting({ status, message }, WINDOW)).text).toBe(`${message}\n\n${WINDOW} [1]`)
    expect((await resulting({ status, message }, 'Invoices are under Account.')).text).toBe(message)
    expect((await resulting({ status, message: 'Which one do you mean?' }, WINDOW)).text).toBe('Which one do you mean?')
  })

  test('that failed offers a person', async () => {
    expect((await resulting({ status: 'error', message: 'list_charges did not work.' }, WINDOW)).text).toBe(
      'That did not work just now. I can ask a person to look at it for you.',
    )
  })

  test('of a call that waited for the customer to be known is read, whatever was said in between', async () => {
    const thread = [customer('the second one'), us('Please type the code here.'), customer('123456')]
    const resumed = called('refund_charge', { status: 'refused', message: 'It was refunded before.' })
    const message = await answer('billing', [...thread, ...resumed], { 'the second one': '' })
    expect(message.text).toBe('It was refunded before.')
  })

  test.each(['', 'Server error', '{"status":"new"}', '[]'])(
    'that cannot be read (%j) leaves the articles',
    async (result) => {
      expect((await resulting(result, WINDOW)).text).toBe(`${WINDOW} [1]`)
    },
  )

  test('of a chain that never ends, ends', async () => {
    const calls = [1, 2, 3, 4].flatMap((n) => {
      const next = { tool: 'list_charges', args: { amountMinor: n } }
      return called('list_charges', { status: 'ok', say: `Step ${n}.`, next }, { amountMinor: n - 1 })
    })
    const message = await answer('billing', [customer(ask), ...calls])
    expect(message.tool_calls).toEqual([])
    expect(message.text).toBe('Step 4.')
  })
})

describe('two asks in one message', () => {
  const asks = { 'cancel my Larkfield Plus': '', 'how long can I return the tent': WINDOW }
  const said = customer('cancel my Larkfield Plus and how long can I return the tent')

  test('one is done, the other is answered from its article', async () => {
    expect(callOf(await answer('billing', [said], asks))).toMatchObject({
      name: 'cancel_subscription',
      args: { subscription: 'cancel my Larkfield Plus' },
    })
    const refused = called('cancel_subscription', { status: 'refused', message: 'It is cancelled already.' })
    expect((await answer('billing', [said, ...refused], asks)).text).toBe(`It is cancelled already.\n\n${WINDOW} [2]`)
  })

  test('both are done, one after the other', async () => {
    const both = { 'where is my order LF-10527': '', 'cancel my subscription': '' }
    const text = customer('where is my order LF-10527 and cancel my subscription')
    const found = called('find_orders', { status: 'ok', say: 'It is on its way.', data: {} })
    expect(callOf(await answer('billing', [text], both))?.name).toBe('find_orders')
    expect(callOf(await answer('billing', [text, ...found], both))?.name).toBe('cancel_subscription')
    const refused = called('cancel_subscription', { status: 'refused', message: 'It is cancelled already.' })
    expect((await answer('billing', [text, ...found, ...refused], both)).text).toBe(
      'It is on its way.\n\nIt is cancelled already.',
    )
  })
})
