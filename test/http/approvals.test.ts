import { expect, test } from 'vitest'
import type { Principal } from '../../graphs/context.ts'
import { openConversation } from '../../src/conversations/inbox.ts'
import { createSmallShop, type SmallShop } from '../conversations/small-shop.ts'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'

const ANNA: Principal = { customerId: 'anna', assurance: 'verified', channel: 'web' }

/** A refund that waits for two agents, as the ledger leaves it. */
async function waiting(app: SmallShop): Promise<string> {
  const conversationId = crypto.randomUUID()
  const id = crypto.randomUUID()
  const { db } = app
  await openConversation(db, conversationId, ANNA, 0)
  await db
    .insertInto('effects')
    .values({
      key: 'key',
      args_hash: 'hash',
      conversation_id: conversationId,
      turn_id: 't',
      confirmed_turn_id: null,
      customer_id: 'anna',
      principal: JSON.stringify(ANNA),
      tool: 'refund_charge',
      kind: 'money',
      object: 'charge:ch_1',
      business_key: 'refund:ch_1',
      args: JSON.stringify({ chargeId: 'ch_1' }),
      amount_minor: 60_000,
      currency: 'EUR',
      summary: 'refund EUR 600.00 for the sofa',
      state: 'awaiting',
      approvals_needed: 2,
      policy: 'refund',
      policy_version: '1',
      policy_reason: 'EUR 600.00 is above EUR 500.00',
      code: null,
      message: null,
      result: null,
      attempts: 0,
      look_ups: 0,
      next_look_up_at: null,
      created_at: 0,
      updated_at: 0,
      started_at: null,
    })
    .execute()
  await db
    .insertInto('approvals')
    .values({
      id,
      effect_key: 'key',
      conversation_id: conversationId,
      args_hash: 'hash',
      state: 'pending',
      needed: 2,
      requested_at: Date.now(),
      expires_at: Date.now() + 60_000,
      decided_at: null,
      reason: null,
    })
    .execute()
  return id
}

function client(app: SmallShop) {
  const post = async (id: string, action: string, body: unknown) => {
    const response = await app.server.request(`/v1/desk/approvals/${id}/${action}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${app.deskToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }
  return { post, list: async (query = '') => (await app.desk.get(`/approvals${query}`)).json() }
}

test('agents see what waits for them, and each of them counts once', async () => {
  const app = await createSmallShop()
  const { post, list } = client(app)
  const id = await waiting(app)
  expect(await list('?state=pending')).toMatchObject({
    approvals: [
      {
        id,
        state: 'pending',
        customerId: 'anna',
        summary: 'refund EUR 600.00 for the sofa',
        amount: { minor: 60_000, currency: 'EUR' },
        args: { chargeId: 'ch_1' },
        reason: 'EUR 600.00 is above EUR 500.00',
        needed: 2,
        decisions: [],
      },
    ],
  })
  for (let click = 0; click < 2; click += 1)
    expect(await post(id, 'approve', { agent: 'Mara' })).toMatchObject({
      status: 200,
      state: 'pending',
      decisions: [{ agent: 'Mara', decision: 'approve' }],
    })
  expect(await post(id, 'deny', { agent: 'Jon', reason: 'It was used.' })).toMatchObject({
    status: 200,
    state: 'denied',
  })
  expect(await post(id, 'approve', { agent: 'Ada' })).toMatchObject({
    status: 409,
    error: { code: 'approvals.decided' },
  })
  expect(await list('?state=pending')).toEqual({ approvals: [] })
  expect(await list()).toMatchObject({ approvals: [{ id, state: 'denied' }] })
})

test('what is not a decision is refused', async () => {
  const app = await createSmallShop()
  const { post } = client(app)
  const id = await waiting(app)
  expect(await post(id, 'deny', { agent: 'Mara' })).toMatchObject({ status: 400 })
  expect(await post(id, 'approve', {})).toMatchObject({ status: 400 })
  expect(await post(id, 'approve', { agent: 'Mara', amount: 1 })).toMatchObject({ status: 400 })
  expect(await post(UNKNOWN, 'approve', { agent: 'Mara' })).toMatchObject({
    status: 404,
    error: { code: 'approvals.not_found' },
  })
  expect((await app.desk.get('/approvals?state=lost')).status).toBe(400)
})

test('nobody decides without the desk’s token', async () => {
  const app = await createSmallShop()
  const id = await waiting(app)
  for (const path of ['', `/${id}/approve`, `/${id}/deny`]) {
    const response = await app.server.request(`/v1/desk/approvals${path}`, { method: path ? 'POST' : 'GET' })
    expect(response.status, path).toBe(401)
  }
})
