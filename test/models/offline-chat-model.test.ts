import { type AIMessageChunk, HumanMessage, SystemMessage } from '@langchain/core/messages'
import { describe, expect, it } from 'vitest'
import { parseAsks } from '../../src/models/ask-prompt.ts'
import { NO_ANSWER } from '../../src/models/extractive-answer.ts'
import { createOfflineChatModel } from '../../src/models/offline-chat-model.ts'

const limit = { timeout: 10_000 }

const chargedTwice = {
  article: 'billing/charged-twice',
  title: 'Charged twice for a subscription',
  passages: [
    {
      heading: '',
      text: 'A subscription charged twice by mistake is refunded within 5 business days. You do not need to cancel it for this.',
    },
    {
      heading: 'What to do',
      text: '1. Open Account › Invoices.\n2. Compare the two invoices.\n3. Send us both *invoice numbers*.',
    },
    { heading: 'What we cannot do', text: 'We cannot speed up your bank.' },
  ],
}

const router = {
  article: 'tech-support/router-drops-wifi',
  title: 'Router keeps dropping the Wi-Fi',
  passages: [
    {
      heading: '',
      text: 'Restart the router first: unplug it for 30 seconds & plug it in again. This solves most drops.',
    },
    {
      heading: 'Satellites',
      text: 'A satellite should stand at most 10 metres from the router.',
    },
  ],
}

type TestArticle = typeof chargedTwice

const escapeXml = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

function prompt(...asks: [text: string, article: TestArticle][]): string {
  let id = 0
  const blocks = asks.map(([text, { article, title, passages }]) => {
    const inside = passages.map((passage) => {
      id += 1
      const head = `id="${id}" article="${article}" title="${escapeXml(title)}" heading="${escapeXml(passage.heading)}"`
      return `<passage ${head}>\n${escapeXml(passage.text)}\n</passage>`
    })
    return `<ask text="${escapeXml(text)}">\n${inside.join('\n')}\n</ask>`
  })
  return `You answer billing questions.\n\n${blocks.join('\n')}\n\nBe brief.`
}

async function answer(system: string): Promise<string> {
  const reply = await createOfflineChatModel().invoke([new SystemMessage(system), new HumanMessage('…')])
  return reply.text
}

describe('the offline chat model', limit, () => {
  it('answers with the direct sentence first, then the steps in their order, each with its passage', async () => {
    expect(await answer(prompt(['I was charged twice for my subscription', chargedTwice]))).toBe(
      [
        'A subscription charged twice by mistake is refunded within 5 business days. You do not need to cancel it for this. [1]',
        '',
        'What to do:',
        '1. Open Account › Invoices.',
        '2. Compare the two invoices.',
        '3. Send us both invoice numbers. [2]',
      ].join('\n'),
    )
  })

  it('answers two asks in two parts that name their subjects, and undoes the escaping', async () => {
    const text = await answer(
      prompt(['charged twice for my subscription', chargedTwice], ['my router keeps dropping the wifi', router]),
    )
    expect(text).toContain('About "Charged twice for a subscription": A subscription charged twice')
    expect(text).toContain('unplug it for 30 seconds & plug it in again. This solves most drops. [4]')
    expect(text).not.toContain('satellite')
  })

  it('says for which ask it found nothing', async () => {
    const text = await answer(
      prompt(['charged twice for my subscription', chargedTwice], ['do you sell pizza', { ...router, passages: [] }]),
    )
    expect(text).toContain('refunded within 5 business days')
    expect(text).toContain(`About "do you sell pizza": ${NO_ANSWER}`)
  })

  it('answers with the opening of the first article when no word says more', async () => {
    expect(await answer(prompt(['what is the capital of France', router]))).toMatch(/^Restart the router first/)
  })

  it('says so when there are no passages or no asks', async () => {
    expect(await answer(prompt(['charged twice', { ...chargedTwice, passages: [] }]))).toBe(NO_ANSWER)
    expect(await answer('You are helpful.')).toBe(NO_ANSWER)
    expect(NO_ANSWER).toBe('I could not find this in our articles. I can ask a person to look at it for you.')
  })

  it('reads the last system message only', async () => {
    const reply = await createOfflineChatModel().invoke([
      new SystemMessage(prompt(['my router keeps dropping the wifi', router])),
      new SystemMessage('Nothing was found.'),
      new HumanMessage('…'),
    ])
    expect(reply.text).toBe(NO_ANSWER)
  })

  it('does not open with a sentence that leans on another', async () => {
    const text = await answer(
      prompt([
        'how long does the money take',
        {
          ...chargedTwice,
          passages: [{ heading: '', text: 'A refund goes to your card. It takes 5 days until the money is there.' }],
        },
      ]),
    )
    expect(text).toBe('A refund goes to your card. It takes 5 days until the money is there. [1]')
  })

  it('streams the same text word by word and names itself in the metadata once', async () => {
    const system = prompt(['I was charged twice for my subscription', chargedTwice])
    let whole: AIMessageChunk | undefined
    let chunks = 0
    for await (const chunk of await createOfflineChatModel().stream([new SystemMessage(system)])) {
      whole = whole ? whole.concat(chunk) : chunk
      chunks += 1
    }
    expect(chunks).toBeGreaterThan(20)
    expect(whole?.text).toBe(await answer(system))
    expect(whole?.response_metadata.model_name).toBe('offline')
  })

  it('accepts tools and calls none', async () => {
    const model = createOfflineChatModel()
    const bound = model.bindTools?.([{ type: 'function', function: { name: 'refund', parameters: {} } }])
    const reply = await bound?.invoke([new SystemMessage(prompt(['my router keeps dropping the wifi', router]))])
    expect(reply?.text).toContain('Restart the router first')
    expect(reply?.tool_calls ?? []).toEqual([])
  })

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(createOfflineChatModel().invoke([new SystemMessage('…')], { signal })).rejects.toThrow('enough')
  })
})

describe('parseAsks', limit, () => {
  it('gives each ask with its passages, unescaped', () => {
    const [ask] = parseAsks(
      '<ask text="is 5 &lt; 6 &amp; &quot;so&quot;?"><passage id="1" article="a/b" title="T &#39;x&#x27;" heading="">x &gt; &amp;lt;</passage></ask>',
    )
    expect(ask).toEqual({
      text: 'is 5 < 6 & "so"?',
      passages: [{ id: '1', article: 'a/b', title: "T 'x'", heading: '', text: 'x > &lt;' }],
    })
  })

  it('survives text that is not as it should be', () => {
    expect(parseAsks('<ask text="a"')).toEqual([])
    expect(parseAsks('<ask><passage>b &bogus; &#99999999;</passage></ask>')).toEqual([
      { text: '', passages: [{ id: '', article: '', title: '', heading: '', text: 'b &bogus; &#99999999;' }] },
    ])
    expect(parseAsks('<ask text="none"/>')).toEqual([{ text: 'none', passages: [] }])
  })
})
