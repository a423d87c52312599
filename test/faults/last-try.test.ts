import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createScriptedApp, eventually, problemsIn } from './scripted-app.ts'

test('a turn that only failed to be committed keeps the reply that its thread has, on the last try too', async () => {
  const app = await createScriptedApp()
  await sql`CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'not now'); END`.execute(app.db)
  const asking = app.customer().say('I was charged twice')
  await eventually(
    () => app.db.selectFrom('inbox').select('attempts').execute(),
    (rows) => rows.some(({ attempts }) => attempts >= 2),
  )
  await sql`DROP TRIGGER refuse`.execute(app.db)
  expect(await (await asking).json()).toMatchObject({ status: 'answered', reply: { author: { name: 'billing' } } })
  expect(await problemsIn(app)).toEqual([])
})
