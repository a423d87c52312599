import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noBrowser } from './browser.ts'
import { announced, confirm, seen, useChatPage, write } from './chat-page.ts'

describe.skipIf(noBrowser)(`actions on the chat page${noBrowser ? ` (${noBrowser})` : ''}`, { timeout: 20_000 }, () => {
  const { visit, server } = useChatPage()

  it('asks with the exact action and amount, and a button says yes as an ordinary message', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => {
      if (turn.text !== 'yes') return turn.reply('I can refund the second charge.', { action: confirm() })
      server().effect('refund-1', { state: 'done', message: 'It is with you by 4 December.' })
      turn.reply('Done, EUR 7.90 is on its way.')
    }
    await write(page, 'I was charged twice')
    const card = page.getByRole('group', { name: 'Please confirm' })
    await card.getByText('Refund the second charge to your Visa ending in 4242').waitFor()
    await card.getByText('€7.90').waitFor()
    expect(await card.getByText('A colleague has to approve this first.').count()).toBe(0)
    await expect.poll(() => announced(page)).toContain('To confirm: Refund the second charge')

    await card.getByRole('button', { name: 'Yes, do it' }).click()
    await seen(page, 'Done, EUR 7.90 is on its way.')
    await seen(page, 'It is with you by 4 December.')
    expect(server().calls.map(({ text }) => text)).toEqual(['I was charged twice', 'yes'])
    expect(await page.getByRole('button', { name: 'Yes, do it' }).count()).toBe(0)
    expect(await states(page)).toEqual(['Done'])
    const thread = await page.locator('.card').innerText()
    await page.reload()
    await seen(page, 'It is with you by 4 December.')
    expect(await page.locator('.card').innerText()).toBe(thread)
  })

  it('writes amounts as the reader of the page does', async () => {
    const { page } = await visit({ locale: 'de-DE' })
    server().state.onTurn = (turn) =>
      turn.reply('Soll ich?', {
        action: {
          kind: 'confirm',
          items: [
            {
              key: 'a',
              tool: 'refund_charge',
              summary: 'one',
              amount: { minor: 123456, currency: 'EUR' },
              approvals: 0,
            },
            { key: 'b', tool: 'refund_charge', summary: 'two', amount: { minor: 500, currency: 'JPY' }, approvals: 0 },
            { key: 'c', tool: 'refund_charge', summary: 'three', amount: { minor: 5, currency: '??' }, approvals: 0 },
            { key: 'd', tool: 'reset_device', summary: 'four', amount: null, approvals: 0 },
          ],
        },
      })
    await write(page, 'Hallo')
    await page.locator('.card').waitFor()
    const amounts = await page.locator('.card-amount').allTextContents()
    expect(amounts.map((amount) => amount.replace(/\s/g, ' '))).toEqual(['1.234,56 €', '500 ¥', '5 ??'])
    expect(await page.locator('.card-item').count()).toBe(4)
  })

  it('says no by keyboard, settles, and never offers the same again', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) =>
      turn.text === 'no' ? turn.reply('I leave it.') : turn.reply('Shall I?', { action: confirm() })
    await write(page, 'I was charged twice')
    await page.getByRole('button', { name: 'No, leave it' }).focus()
    await page.keyboard.press('Enter')
    await seen(page, 'I leave it.')
    expect(await states(page)).toEqual(['You said no'])
    expect(await page.locator('.card button').count()).toBe(0)
    expect(await page.locator('textarea:focus').count()).toBe(1)
    await page.reload()
    await seen(page, 'I leave it.')
    expect(await states(page)).toEqual(['You said no'])
  })

  it('takes a typed answer for an answer, and other words for none', async () => {
    const { page } = await visit()
    let next = () => {}
    const held = new Promise<void>((resolve) => (next = resolve))
    server().state.onTurn = async (turn) => {
      if (turn.text === 'Charged twice') return turn.reply('Shall I?', { action: confirm() })
      if (turn.text === 'Yes.') return turn.reply('Working on it.')
      await held
      turn.reply('Shall I now?', { action: confirm() })
    }
    await write(page, 'Charged twice')
    await seen(page, 'Yes, do it')
    await write(page, 'How long does it take?')
    // The card stops being a question with the answer's first moment, long before the reply to it.
    await page.locator('.card button').first().waitFor({ state: 'detached' })
    expect(await states(page)).toEqual([])
    next()
    await seen(page, 'Shall I now?')
    await expect.poll(() => states(page)).toEqual(['Asked again below'])
    expect(await page.locator('.card button').count()).toBe(2)
    await write(page, 'Yes.')
    await seen(page, 'Working on it.')
    expect(await states(page)).toEqual(['Asked again below', 'You said yes'])
  })

  it('asks again when the answer was refused, and not while a person is there', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => turn.reply('Shall I?', { action: confirm() })
    await write(page, 'Charged twice')
    await seen(page, 'Yes, do it')
    server().state.onCall = (_call, _request, response) => {
      response.writeHead(400).end('{}')
      return true
    }
    await page.getByRole('button', { name: 'Yes, do it' }).click()
    await seen(page, /Not sent\./)
    await seen(page, 'Yes, do it')
    server().setStatus('with_human')
    await page.locator('.card button').first().waitFor({ state: 'detached' })
    expect(await states(page)).toEqual(['Not confirmed'])
  })

  it('keeps the focus on the card when its buttons go', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => turn.reply('Shall I?', { action: confirm() })
    await write(page, 'Charged twice')
    await page.getByRole('button', { name: 'Yes, do it' }).focus()
    server().agentSays('Mara', 'Let me look at this.')
    await page.locator('.card button').first().waitFor({ state: 'detached' })
    expect(await page.locator('.card:focus').count()).toBe(1)
  })

  for (const [decision, state, message] of [
    ['approved', 'done', 'EUR 120.00 is on its way.'],
    ['denied', 'failed', 'The trip was used already.'],
  ] as const) {
    it(`shows by itself that a colleague has ${decision} it`, async () => {
      const { page } = await visit()
      server().state.onTurn = (turn) => {
        if (turn.text !== 'yes') return turn.reply('Shall I?', { action: confirm({ approvals: 1 }) })
        server().effect('refund-1', { state: 'awaiting', message: 'You hear from us here.' })
        turn.reply('A colleague looks at it.', {}, 'awaiting_approval')
      }
      await write(page, 'I want EUR 120 back')
      await seen(page, 'A colleague has to approve this first.')
      await page.getByRole('button', { name: 'Yes, do it' }).click()
      await seen(page, 'Waiting for a colleague’s approval')
      expect(await announced(page)).toContain('Waiting for a colleague’s approval. You hear from us here.')

      server().effect('refund-1', { state, message })
      const words = decision === 'approved' ? 'Approved and done' : 'Not approved'
      await seen(page, words)
      await seen(page, message)
      await expect.poll(() => announced(page)).toContain(`€7.90: ${words}. ${message}`)
      expect(await states(page)).toEqual([words])
      await page.reload()
      await seen(page, words)
      expect(await announced(page)).toBe('')
    })
  }

  it('says that a colleague refused only where that is so', async () => {
    const { page } = await visit()
    const codes = { denied: 'effect.denied', expired: 'effect.expired', declined: 'effect.declined', sold: 'shop.sold' }
    server().state.onTurn = (turn) => {
      if (turn.text !== 'Do as you think') {
        const items = Object.keys(codes).map((key) => ({ ...confirm().items[0], key, approvals: 1 }))
        return turn.reply('Shall I?', { action: { kind: 'confirm', items } })
      }
      for (const [key, code] of Object.entries(codes)) server().effect(key, { state: 'failed', code })
      turn.reply('That is how it is.')
    }
    await write(page, 'Please')
    await seen(page, 'Yes, do it')
    await write(page, 'Do as you think')
    await seen(page, 'That is how it is.')
    await expect.poll(() => states(page)).toEqual(['Not approved', 'Not decided in time', 'You said no', 'Not done'])
  })

  it('leaves a refusal in the customer’s own words at that where the server gives no reason', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => {
      if (turn.text !== 'Rather not') return turn.reply('Shall I?', { action: confirm({ approvals: 1 }) })
      server().effect('refund-1', { state: 'failed', message: 'You did not want this.' })
      turn.reply('I leave it.')
    }
    await write(page, 'Please')
    await seen(page, 'Yes, do it')
    await write(page, 'Rather not')
    await seen(page, 'You did not want this.')
    expect(await states(page)).toEqual(['Not done'])
  })

  it('does not go back to a state that the live stream tells again', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => turn.reply('Shall I?', { action: confirm() })
    await write(page, 'Please')
    await seen(page, 'Yes, do it')
    server().effect('refund-1', { state: 'done' })
    await seen(page, 'Done')
    server().effect('refund-1', { state: 'awaiting', at: '2020-01-01T00:00:00Z' })
    server().agentSays('Mara', 'Anything else?')
    await seen(page, 'Anything else?')
    expect(await states(page)).toEqual(['Approved and done'])
    expect(await announced(page)).not.toContain('Waiting for a colleague')
  })

  it('learns the state of an effect although the live connection is down', async () => {
    const { page } = await visit()
    server().state.eventsDown = true
    server().state.onTurn = (turn) => {
      if (turn.text !== 'yes') return turn.reply('Shall I?', { action: confirm() })
      server().effect('refund-1', { state: 'in_doubt' })
      turn.reply('I am checking it.')
    }
    await write(page, 'I was charged twice')
    await page.getByRole('button', { name: 'Yes, do it' }).click()
    await seen(page, 'Being checked with the payment system')
  })

  it('shows an effect that no reply proposed under the reply of its time', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => {
      server().effect('other', { state: 'awaiting', summary: 'replace your router' })
      turn.reply('A colleague looks at it.', {}, 'awaiting_approval')
    }
    await write(page, 'It is broken')
    await seen(page, 'Replace your router')
    await seen(page, 'Waiting for a colleague’s approval')
    server().effect('other', { state: 'done' })
    await seen(page, 'Approved and done')
    expect(await page.locator('.row.specialist .card').count()).toBe(1)
  })
})

async function states(page: Page): Promise<string[]> {
  return page.locator('.card-state').allTextContents()
}
