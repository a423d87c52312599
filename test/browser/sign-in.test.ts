import { describe, expect, it } from 'vitest'
import { noBrowser } from './browser.ts'
import { demoCustomers, seen, useChatPage, write } from './chat-page.ts'

describe.skipIf(noBrowser)(`who the chat page is for${noBrowser ? ` (${noBrowser})` : ''}`, { timeout: 20_000 }, () => {
  const { visit, server } = useChatPage()

  it('names who is signed in, and nobody who only claims to be', async () => {
    server().state.session = { customer: { id: 'cus_noa', name: 'Noa Berg' }, assurance: 'verified' }
    const { page } = await visit()
    await page.getByText('Signed in as Noa Berg').waitFor()
    expect(await page.getByRole('button', { name: 'Try it as…' }).count()).toBe(0)
    server().state.session.assurance = 'claimed'
    await page.reload()
    await page.getByText('Customer service').waitFor()
    expect(await page.getByText('Signed in').count()).toBe(0)
  })

  it('offers no demo where there is none', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => turn.reply('Your code, please.', { action: { kind: 'verify-code' } })
    await write(page, 'My last charge?')
    await seen(page, 'Your code, please.')
    expect(await page.getByText(/demo/i).count()).toBe(0)
  })

  it('tries the page as a demo customer, in a new conversation, and signs out again', async () => {
    server().state.demo = demoCustomers
    const { page } = await visit()
    await write(page, 'Hello there')
    await seen(page, 'Hello.')
    const menu = page.getByRole('button', { name: 'Try it as…' })
    await menu.click()
    await page.getByRole('button', { name: /Noa Berg.*charged twice/ }).click()
    await page.getByText('Signed in as Noa Berg', { exact: true }).waitFor()
    await page.getByText('You are signed in as Noa Berg. This is a new conversation.').waitFor()
    await seen(page, 'How can we help?')
    expect(await page.locator('textarea:focus').count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Back to your earlier conversation' }).count()).toBe(0)
    expect(await page.locator('.example').allTextContents()).toHaveLength(5)
    await page.getByRole('button', { name: 'Why do I see two charges for Plus?' }).click()
    await seen(page, 'Hello.')
    expect(server().calls.map(({ conversationId }) => conversationId)).toEqual([undefined, undefined])

    await page.getByRole('button', { name: 'Sign out' }).click()
    await seen(page, 'How can we help?')
    await page.getByText('Customer service').waitFor()
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0)
    expect(await page.locator('.example').count()).toBe(3)
  })

  it('invites a newcomer to the demo, and its menu works by keyboard', async () => {
    server().state.demo = demoCustomers
    const { page } = await visit()
    await page.getByRole('button', { name: 'Try it as one of its customers' }).click()
    const menu = page.getByRole('button', { name: 'Try it as…' })
    expect(await menu.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Escape')
    expect(await menu.getAttribute('aria-expanded')).toBe('false')
    expect(await page.locator('.demo-button:focus').count()).toBe(1)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    expect(await page.locator('.choice:focus').textContent()).toContain('Tomás Ó Briain')
    await page.keyboard.press('Tab')
    expect(await menu.getAttribute('aria-expanded')).toBe('false')
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Signed in as Noa Berg', { exact: true }).waitFor()
  })

  it('keeps the conversation when signing in fails, and sends nothing of one customer as another', async () => {
    server().state.demo = demoCustomers
    const { page } = await visit()
    await write(page, 'Hello there')
    await seen(page, 'Hello.')
    server().state.onCall = (_call, request) => {
      request.socket.destroy()
      return true
    }
    await write(page, 'Refund it')
    await seen(page, 'Not sent yet. Retrying…')
    server().state.demoDown = true
    await page.getByRole('button', { name: 'Try it as…' }).click()
    await page.getByRole('button', { name: /Noa Berg/ }).click()
    await page.getByRole('alert').getByText('That did not work. Please try again.').waitFor()
    await seen(page, 'Refund it')

    server().state.demoDown = false
    await page.getByRole('button', { name: 'Try it as…' }).click()
    await page.getByRole('button', { name: /Noa Berg/ }).click()
    await seen(page, 'How can we help?')
    const before = server().calls.length
    server().state.onCall = () => false
    await write(page, 'I am Noa')
    await seen(page, 'Hello.')
    expect(
      server()
        .calls.slice(before)
        .map(({ text }) => text),
    ).toEqual(['I am Noa'])
  })

  it('asks for the address and the code with the keyboard that fits, and names who it was', async () => {
    server().state.demo = demoCustomers
    const { page } = await visit()
    server().state.onTurn = (turn) => {
      if (turn.text === '123456') {
        server().state.session = { customer: { id: 'cus_noa', name: 'Noa Berg' }, assurance: 'verified' }
        return turn.reply('Thank you. You were charged once.')
      }
      return turn.text.includes('@')
        ? turn.reply('Please type the code.', { action: { kind: 'verify-code' } })
        : turn.reply('Which address?', { action: { kind: 'verify-email' } })
    }
    const field = page.getByRole('textbox', { name: 'Your message' })
    const hints = async () => [await field.getAttribute('inputmode'), await field.getAttribute('autocomplete')]
    await write(page, 'What was I charged?')
    await page.getByPlaceholder('Your e-mail address…').waitFor()
    expect(await hints()).toEqual(['email', 'email'])
    await page.getByRole('button', { name: 'noa.berg@example.com' }).click()
    expect(await field.inputValue()).toBe('noa.berg@example.com')
    await page.keyboard.press('Enter')

    await page.getByPlaceholder('The six-digit code…').waitFor()
    expect(await hints()).toEqual(['numeric', 'one-time-code'])
    const mailbox = page.getByRole('link', { name: 'Open the demo mailbox (in a new tab)' })
    expect(await mailbox.count()).toBe(1)
    expect(await mailbox.getAttribute('href')).toBe('/demo/mailbox')
    expect(await mailbox.getAttribute('target')).toBe('_blank')
    expect(await page.getByRole('button', { name: 'Write words instead' }).count()).toBe(0)
    await write(page, '123456')
    await page.getByText('Signed in as Noa Berg', { exact: true }).waitFor()
    expect(await hints()).toEqual([null, null])
    expect(await mailbox.count()).toBe(0)
  })

  it('gives a phone its letters back when there is no code to type', async () => {
    const { page } = await visit({ hasTouch: true, isMobile: true, viewport: { width: 375, height: 667 } })
    server().state.onTurn = (turn) => turn.reply('Please type the code.', { action: { kind: 'verify-code' } })
    await write(page, 'What was I charged?')
    await page.getByRole('button', { name: 'Write words instead' }).tap()
    expect(await page.getByRole('textbox').getAttribute('inputmode')).toBe(null)
    expect(await page.locator('textarea:focus').count()).toBe(1)
  })
})
