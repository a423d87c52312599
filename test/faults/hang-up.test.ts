import { expect, test } from 'vitest'
import { createScriptedApp } from './scripted-app.ts'

test('a customer who hangs up while the database is asked does not end the process', async () => {
  const app = await createScriptedApp()
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const principal = { customerId: 'c', assurance: 'anonymous', channel: 'web' } as const
  const accepted = await app.conversations.accept({ principal, messageId: 'm1', text: 'I was charged twice' })
  const gone = new AbortController()
  const waiting = app.conversations.result(accepted, gone.signal)
  gone.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  await new Promise((resolve) => setTimeout(resolve, 50))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})
