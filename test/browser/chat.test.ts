import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { noBrowser } from './browser.ts'
import { announced, citations, seen, useChatPage, write } from './chat-page.ts'
import type { Turn } from './fake-server.ts'

describe.skipIf(noBrowser)(`the chat page${noBrowser ? ` (${noBrowser})` : ''}`, { timeout: 20_000 }, () => {
  const { visit, server } = useChatPage()

  it('greets with the shop, a composer in focus and three questions that ask themselves', async () => {
    const { page } = await visit()
    await seen(page, 'How can we help?')
    expect(await page.title()).toBe('Larkfield')
    expect(await page.locator('textarea:focus').count()).toBe(1)
    expect(await page.locator('.example').count()).toBe(3)
    await page.getByRole('button', { name: 'The zipper came broken, can I send it back?' }).click()
    await seen(page, 'Hello.')
    expect(server().calls.map(({ text }) => text)).toEqual(['The zipper came broken, can I send it back?'])
  })

  it('shows who answers and the words as they come, then the message that counts', async () => {
    const { page } = await visit()
    let next = () => {}
    const step = () => new Promise<void>((resolve) => (next = resolve))
    server().state.onTurn = async (turn) => {
      turn.say('route', { to: 'tech-support', by: 'local', confidence: 1, reason: '' })
      turn.say('token', { text: 'Restart the ' })
      await step()
      turn.say('token', { text: 'router' })
      await step()
      turn.say('restart', {})
      turn.say('token', { text: 'Better words' })
      await step()
      turn.reply('The **final** words.', { author: { kind: 'specialist', name: 'tech-support' } })
    }
    await write(page, 'My router keeps dropping the wifi')
    await seen(page, 'Tech support')
    await seen(page, 'Restart the')
    next()
    await seen(page, 'Restart the router')
    next()
    await seen(page, 'Better words')
    expect(await page.getByText('Restart the').count()).toBe(0)
    expect(await announced(page)).toBe('')
    next()
    await seen(page, 'The final words.')
    expect(await page.getByText('Better words').count()).toBe(0)
    expect(await page.locator('.thread strong').textContent()).toBe('final')
    expect(await announced(page)).toBe('Tech support: The final words.')
  })

  it('opens the quoted sentence of a source by keyboard, from its chip and from its marker', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) =>
      turn.reply('It is a hold. [1] Refunds take days. [2] Nothing here. [7]', { citations })
    await write(page, 'I was charged twice')
    const first = page.getByRole('button', { name: /Why you may see two charges/ })
    await first.focus()
    await page.keyboard.press('Enter')
    await seen(page, 'A second charge is a hold.')
    expect(await first.getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Escape')
    await gone(page, 'A second charge is a hold.')
    expect(await page.locator('.chip:focus').textContent()).toContain('Why you may see two charges')

    await page.getByRole('link', { name: 'Source 2: When refunds arrive' }).focus()
    await page.keyboard.press('Enter')
    await seen(page, 'Refunds arrive within 5 working days.')
    expect(await page.getByRole('link', { name: /Source 7/ }).count()).toBe(0)
  })

  it('hands over to a person without leaving the thread, and back', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => (turn.text === 'Talk to a person' ? turn.handOver() : turn.reply('All done.'))
    await page.getByRole('button', { name: 'Talk to a person' }).click()
    await seen(page, 'A person will answer here.')
    await write(page, 'It is about my last order')
    await seen(page, 'It is about my last order')
    await expect.poll(() => server().conversation().messages.length).toBe(2)

    server().agentSays('Mara', 'Hello, I have your order here.')
    await seen(page, 'You are now talking to Mara. They can see everything above.')
    await seen(page, 'Mara from the team')
    await seen(page, 'Hello, I have your order here.')
    expect(await announced(page)).toContain('Mara from the team: Hello, I have your order here.')

    server().setStatus('open')
    await seen(page, 'Mara handed the conversation back. Our assistant answers again.')
    await write(page, 'Thank you')
    await seen(page, 'All done.')
    const thread = await page.locator('.thread').innerText()
    await page.reload()
    await seen(page, 'All done.')
    expect(linesOf(await page.locator('.thread').innerText())).toEqual(linesOf(thread))
    expect(await announced(page)).toBe('')
  })

  it('hears what a person wrote while the live connection was refused', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => turn.handOver()
    await write(page, 'Talk to a person')
    await seen(page, 'A person will answer here')
    server().state.eventsDown = true
    server().dropListeners()
    server().agentSays('Mara', 'Are you still there?')
    await expect.poll(() => server().state.eventsRefused, { timeout: 10_000 }).toBeGreaterThan(0)
    server().state.eventsDown = false
    await seen(page, 'Are you still there?')
    server().agentSays('Mara', 'I am still here.')
    await seen(page, 'I am still here.')
    expect(await page.locator('.row.agent').count()).toBe(2)
  })

  it('keeps a message that the network lost and sends the same one again, once', async () => {
    const { page } = await visit()
    server().state.onCall = (_call, request) => {
      request.socket.destroy()
      return true
    }
    await write(page, 'Where is my parcel?')
    await seen(page, 'Not sent yet. Retrying…')
    await page.reload()
    await seen(page, 'Where is my parcel?')
    server().state.onCall = () => false
    await page.getByRole('button', { name: 'Try now' }).click()
    await seen(page, 'Hello.')
    await page.waitForTimeout(1500)
    expect(new Set(server().calls.map(({ messageId }) => messageId)).size).toBe(1)
    expect(
      server()
        .conversation()
        .messages.map(({ role }) => role),
    ).toEqual(['customer', 'specialist'])
    expect(await page.locator('.bubble').count()).toBe(1)
    expect(await stored(page, 'baton.unsent.')).toEqual([])
  })

  it('fetches the reply again when the connection breaks in the middle of it', async () => {
    const { page } = await visit()
    let turns = 0
    server().state.onTurn = (turn) => {
      turns++
      if (turns > 1) return turn.reply('The whole reply.')
      turn.say('token', { text: 'Half a rep' })
      setTimeout(turn.cut, 100)
    }
    await write(page, 'Hello?')
    await seen(page, 'Half a rep')
    await seen(page, 'The whole reply.')
    expect(await page.getByText('Half a rep').count()).toBe(0)
    expect(server().calls).toHaveLength(2)
    expect(server().calls[1]?.messageId).toBe(server().calls[0]?.messageId)
    expect(server().conversation().messages).toHaveLength(2)
  })

  it('waits as long as a busy server asks and says so', async () => {
    const { page } = await visit()
    server().state.onCall = (_call, _request, response) => {
      server().state.onCall = () => false
      response.writeHead(429, { 'Retry-After': '2' }).end('{}')
      return true
    }
    await write(page, 'Hello?')
    await seen(page, /One moment, sending again in [12] s/)
    await seen(page, 'Hello.')
    expect(server().calls).toHaveLength(2)
    expect(server().calls[1]).toEqual(server().calls[0])
  })

  it('sends two messages in order and into one conversation, however fast they are written', async () => {
    const { page } = await visit()
    await write(page, 'First')
    await write(page, 'Second')
    await expect.poll(() => page.getByText('Hello.', { exact: true }).count()).toBeGreaterThan(1)
    expect(server().calls.map(({ text }) => text)).toEqual(['First', 'Second'])
    expect(server().conversations.size).toBe(1)
    expect(server().calls[1]?.conversationId).toBe(server().conversation().id)
  })

  it('shows one reply when it answers two messages at once', async () => {
    const { page } = await visit()
    const streams: Turn[] = []
    server().state.onTurn = (turn) => {
      streams.push(turn)
      turn.say('route', { to: 'billing' })
      const [first, second] = streams
      if (!first || !second) return
      second.say('token', { text: 'Both are' })
      setTimeout(() => first.reply('Both are answered.', { id: 'one-reply' }, 'merged'), 200)
      setTimeout(() => second.reply('Both are answered.', { id: 'one-reply' }), 400)
    }
    await write(page, 'First')
    await write(page, 'Second')
    await seen(page, 'Both are answered.')
    await page.waitForTimeout(600)
    expect(await page.getByText('Both are').count()).toBe(2) // in the thread, and announced once
    expect(await page.locator('.writing').count()).toBe(0)
    expect(await page.locator('.bubble').allTextContents()).toEqual(['First', 'Second'])
  })

  it('shows the same conversation in a second tab as it goes on', async () => {
    const { page, context } = await visit()
    await write(page, 'One')
    await seen(page, 'Hello.')
    const second = await context.newPage()
    await second.goto(server().url)
    await seen(second, 'Hello.')
    await write(page, 'Two')
    await second.locator('.bubble').getByText('Two').waitFor()
    await expect.poll(() => second.locator('.row').count()).toBe(4)
    expect(await page.locator('.row').count()).toBe(4)
  })

  it('gives a refused message back to be written anew', async () => {
    const { page } = await visit()
    server().state.onCall = (_call, _request, response) => {
      response.writeHead(400, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ error: { code: 'chat.text', message: 'Please write less.' } }))
      return true
    }
    await write(page, 'Too much')
    await seen(page, 'Not sent. Please write less.')
    await page.getByRole('button', { name: 'Edit message' }).click()
    expect(await page.getByRole('textbox').inputValue()).toBe('Too much')
    expect(await page.locator('.bubble').count()).toBe(0)
  })

  it('restores the conversation after a reload and starts a new one when it is gone', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => turn.reply('It is a hold. [1]', { citations })
    await write(page, 'I was charged twice')
    await seen(page, 'It is a hold.')
    server().state.threadDelay = 800
    await page.reload()
    await page.locator('.skeleton').waitFor()
    await seen(page, 'It is a hold.')
    await page.getByRole('button', { name: /Why you may see/ }).waitFor()

    server().state.threadDelay = 0
    server().conversations.clear()
    await page.reload()
    await seen(page, 'Your earlier conversation is no longer here. This is a new one.')
    await write(page, 'Are you there?')
    await seen(page, 'It is a hold.')
    expect(server().calls.at(-1)?.conversationId).toBeUndefined()
  })

  it('starts a new conversation and finds the way back to the one before', async () => {
    const { page } = await visit()
    await write(page, 'One')
    await seen(page, 'Hello.')
    await page.getByRole('button', { name: 'New conversation' }).click()
    await seen(page, 'How can we help?')
    await page.getByRole('button', { name: 'Back to your earlier conversation' }).click()
    await seen(page, 'Hello.')
    expect(await page.locator('.bubble').allTextContents()).toEqual(['One'])
  })

  it('says once and calmly that no language model is connected', async () => {
    const { page } = await visit()
    server().state.onTurn = (turn) => turn.reply('From the article.', { model: 'offline' })
    await write(page, 'Hi')
    await seen(page, 'Answers come straight from our articles; no language model is connected.')
  })
})

async function gone(page: Page, words: string) {
  await page.locator('main').getByText(words).waitFor({ state: 'detached', timeout: 8000 })
}

async function stored(page: Page, prefix: string): Promise<string[]> {
  return page.evaluate<string[]>(`Object.keys(localStorage).filter((key) => key.startsWith('${prefix}'))`)
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line && !/^(now|\d)/.test(line))
}
