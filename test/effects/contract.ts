import { describe, expect, test } from 'vitest'
import { readEvents } from '../../src/conversations/event-log.ts'
import { FencedError } from '../../src/database/fence.ts'
import { approvalIdOf, createLedger, planned } from './shop.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** What the ledger promises on either database. @param create an empty database's address, gone when the test ends */
export function ledgerContract(name: string, create: () => Promise<string>): void {
  const open = async () => {
    const ledger = await createLedger(await create())
    return { ...ledger, anna: await ledger.customer('anna') }
  }

  describe(`an effect, on ${name}`, () => {
    test('is planned, performed once, and answers the same for ever', async () => {
      const { anna, perform, provider, row } = await open()
      const charge = anna.charge(790)
      const effect = await planned(anna.plan(charge))
      expect(effect).toMatchObject({ tool: 'refund_charge', amount: { minor: 790, currency: 'EUR' }, approvals: 0 })
      expect(provider.calls).toEqual([])
      const done = await perform(effect)
      expect(done).toMatchObject({
        status: 'done',
        key: effect.key,
        message: `I have refunded 790 cents of ${charge}.`,
      })
      expect(await perform(effect)).toEqual(done)
      expect(await Promise.all([perform(effect), perform(effect)])).toEqual([done, done])
      expect(provider.calls).toEqual([effect.key])
      expect(await row(effect.key)).toMatchObject({
        state: 'done',
        attempts: 1,
        policy_version: '1',
        next_look_up_at: null,
      })
    })

    test('asked for many times at once is one call', async () => {
      const { anna, perform, provider } = await open()
      const effect = await planned(anna.plan(anna.charge(790)))
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => perform(effect)))
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['done']))
      expect(provider.calls).toEqual([effect.key])
    })

    test('planned again by the same turn is the same plan, with other arguments another one in its place', async () => {
      const { anna, perform, provider } = await open()
      const charge = anna.charge(790)
      const first = await planned(anna.plan(charge, { turnId: 't' }))
      expect(await planned(anna.plan(charge, { turnId: 't' }))).toEqual(first)
      const second = await planned(anna.plan(charge, { turnId: 't', minor: 500 }))
      expect(second.key).toBe(first.key)
      expect(second.argsHash).not.toBe(first.argsHash)
      expect(await perform(first)).toMatchObject({ status: 'failed', code: 'effect.changed' })
      expect(provider.calls).toEqual([])
      expect(await perform(second)).toMatchObject({ status: 'done', amount: { minor: 500 } })
      // What was performed is not planned any more, whatever the arguments.
      expect(await anna.plan(charge, { turnId: 't', minor: 100 })).toMatchObject({ status: 'repeated' })
      expect(await perform(first)).toMatchObject({ status: 'failed', code: 'effect.changed' })
      expect(provider.refunded(charge)).toBe(500)
    })

    test('of another customer reads as one that is not there', async () => {
      const { anna, customer } = await open()
      const bert = await customer('bert')
      const theirs = await bert.plan(anna.charge(790))
      expect(theirs).toEqual(await bert.plan('ch_404'))
      expect(theirs).toMatchObject({ status: 'refused', code: 'effect.not_found' })
    })

    test('is refused with what stands against it', async () => {
      const { anna, provider } = await open()
      const charge = anna.charge(790)
      expect(await anna.plan(charge, { minor: 791 })).toMatchObject({
        status: 'refused',
        code: 'policy.over_remainder',
      })
      expect(await anna.plan(charge, { minor: 0 })).toMatchObject({ code: 'policy.amount' })
      expect(await anna.plan(charge, { minor: 1.5 })).toMatchObject({ status: 'refused', code: 'effect.invalid' })
      const unsure = { customerId: 'anna', assurance: 'claimed' as const, channel: 'web' }
      expect(await anna.plan(charge, { principal: unsure })).toMatchObject({ code: 'policy.assurance' })
      await provider.refund('elsewhere', charge, 790)
      expect(await anna.plan(charge)).toMatchObject({ status: 'refused', code: 'refund.nothing_left' })
    })

    test('is done once, whatever turn asks for it', async () => {
      const { anna, perform, provider } = await open()
      const charge = anna.charge(10_000)
      const [one, other] = [
        await planned(anna.plan(charge, { minor: 100 })),
        await planned(anna.plan(charge, { minor: 200 })),
      ]
      const outcomes = await Promise.all([perform(one), perform(other)])
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['done', 'failed'])
      const failed = outcomes.find(({ status }) => status === 'failed')
      expect(failed).toMatchObject({ code: 'effect.repeated' })
      expect(await anna.plan(charge, { minor: 300 })).toMatchObject({
        status: 'repeated',
        message: expect.stringContaining(`I have refunded`),
      })
      expect(provider.calls).toHaveLength(1)
    })

    test('is checked again when it is performed', async () => {
      const { anna, perform, provider } = await open()
      const charge = anna.charge(790)
      const effect = await planned(anna.plan(charge))
      await provider.refund('elsewhere', charge, 1)
      const refused = await perform(effect)
      expect(refused).toMatchObject({ status: 'failed', code: 'policy.over_remainder' })
      expect(await perform(effect)).toEqual(refused)
      expect(provider.refunded(charge)).toBe(1)
    })

    test('whose amount has changed since the yes is not done', async () => {
      const { anna, perform, provider } = await open()
      const charge = anna.charge(790)
      const effect = await planned(anna.plan(charge))
      Object.assign(provider.charges.get(charge) ?? {}, { amount: 900 })
      expect(await perform(effect)).toMatchObject({ status: 'failed', code: 'effect.changed' })
      expect(provider.calls).toEqual([])
    })

    test('that the customer does not want is not done; what is done stays done', async () => {
      const { anna, effects, perform, provider } = await open()
      const [unwanted, done] = [await planned(anna.plan(anna.charge(1))), await planned(anna.plan(anna.charge(2)))]
      await perform(done)
      await effects.cancel([unwanted.key, done.key])
      await effects.cancel([])
      expect(await perform(unwanted)).toMatchObject({ status: 'failed', code: 'effect.declined' })
      expect(await perform(done)).toMatchObject({ status: 'done' })
      expect(provider.calls).toEqual([done.key])
    })

    test('that the system refuses has failed, with its words, and may be asked for again', async () => {
      const { anna, perform, provider } = await open()
      const charge = anna.charge(790)
      const effect = await planned(anna.plan(charge))
      provider.faults.push('refuse')
      const refused = await perform(effect)
      expect(refused).toMatchObject({
        status: 'failed',
        code: 'billing.not_paid',
        message: 'This charge was never paid.',
      })
      expect(await perform(effect)).toEqual(refused)
      expect(provider.calls).toHaveLength(1)
      expect(await perform(await planned(anna.plan(charge)))).toMatchObject({ status: 'done' })
    })

    test('under an older epoch than the conversation’s is refused', async () => {
      const { anna, db, perform, provider } = await open()
      const effect = await planned(anna.plan(anna.charge(790)))
      await db.updateTable('conversations').set({ epoch: 2 }).where('id', '=', anna.conversationId).execute()
      await expect(perform(effect, { epoch: 1 })).rejects.toThrow(FencedError)
      expect(provider.calls).toEqual([])
      expect(await perform(effect, { epoch: 2 })).toMatchObject({ status: 'done' })
    })
  })

  describe(`an effect without a clear end, on ${name}`, () => {
    test('that was applied before the time ran out is found, and done', async () => {
      const { anna, perform, provider } = await open()
      for (const fault of ['apply-then-hang', 'apply-then-fail'] as const) {
        const charge = anna.charge(790)
        provider.faults.push(fault)
        expect(await perform(await planned(anna.plan(charge)))).toMatchObject({ status: 'done' })
        expect(provider.refunded(charge)).toBe(790)
      }
      expect(provider.calls).toHaveLength(2)
    })

    test('stays in doubt while nobody knows, holds its place, and is settled once it is known', async () => {
      const { anna, clock, effects, inbox, news, perform, provider } = await open()
      const charge = anna.charge(790)
      const effect = await planned(anna.plan(charge))
      provider.faults.push('apply-then-hang')
      provider.lookUpFaults.push('fail')
      expect(await perform(effect)).toMatchObject({ status: 'in_doubt' })
      expect(await anna.plan(charge)).toMatchObject({ status: 'repeated' })
      await effects.settle()
      expect(await inbox('effect')).toEqual([])
      clock.forward(6_000)
      await Promise.all([effects.settle(), effects.settle()])
      expect(await perform(effect)).toMatchObject({ status: 'done' })
      expect(provider.calls).toHaveLength(1)
      expect((await inbox('effect')).map(({ body }) => JSON.parse(body))).toEqual([
        {
          text: '',
          principal: { customerId: 'anna', assurance: 'verified', channel: 'web' },
          effect: { key: effect.key, argsHash: effect.argsHash },
        },
      ])
      expect(news).toEqual([anna.conversationId])
    })

    test('that is not to be found long after is not done, and may be asked for again', async () => {
      const { anna, clock, effects, inbox, perform, provider } = await open()
      const charge = anna.charge(790)
      const effect = await planned(anna.plan(charge))
      provider.faults.push('hang')
      expect(await perform(effect)).toMatchObject({ status: 'in_doubt' })
      clock.forward(6_000)
      await effects.settle()
      expect(await inbox('effect')).toEqual([])
      clock.forward(MINUTE)
      await effects.settle()
      expect(await inbox('effect')).toHaveLength(1)
      expect(await perform(effect)).toMatchObject({ status: 'failed', code: 'effect.not_done' })
      expect(await perform(await planned(anna.plan(charge)))).toMatchObject({ status: 'done' })
      expect(provider.refunded(charge)).toBe(790)
    })

    test('is tried again under the same key by its own turn, only where it was not done', async () => {
      const { anna, perform, provider, row } = await open()
      const charge = anna.charge(790)
      const effect = await planned(anna.plan(charge))
      provider.faults.push('fail')
      expect(await perform(effect)).toMatchObject({ status: 'in_doubt' })
      expect(await perform(effect)).toMatchObject({ status: 'done' })
      expect(provider.calls).toEqual([effect.key, effect.key])
      expect(provider.refunded(charge)).toBe(790)
      expect((await row(effect.key)).attempts).toBe(2)
    })

    test.each(['applied', 'not applied'])(
      'whose process died when it was %s is done once by the next',
      async (when) => {
        const { anna, clock, perform, provider, row, effects } = await open()
        const charge = anna.charge(790)
        const effect = await planned(anna.plan(charge))
        const process = new AbortController()
        provider.faults.push(when === 'applied' ? () => process.abort(new Error('killed')) : 'hang')
        const dying = perform(effect, { signal: process.signal })
        dying.catch(() => {})
        if (when !== 'applied') {
          await expect.poll(() => provider.calls.length).toBe(1)
          process.abort(new Error('killed'))
        }
        await expect(dying).rejects.toThrow('killed')
        expect(await row(effect.key)).toMatchObject({ state: 'in_flight', attempts: 1 })
        // Too early for the sweep: its turn will come back.
        await effects.settle()
        expect((await row(effect.key)).state).toBe('in_flight')
        clock.forward(1_000)
        expect(await perform(effect)).toMatchObject({ status: 'done' })
        expect(provider.refunded(charge)).toBe(790)
        expect(provider.calls).toHaveLength(when === 'applied' ? 1 : 2)
      },
    )

    test('left by a turn that is over is settled by the sweep, one of a running turn is not', async () => {
      const { anna, clock, db, effects, inbox, provider, row } = await open()
      const process = new AbortController()
      provider.faults.push(() => process.abort(new Error('killed')))
      const effect = await planned(anna.plan(anna.charge(790)))
      await db
        .insertInto('turns')
        .values({
          id: 'left',
          conversation_id: anna.conversationId,
          status: 'running',
          lead_inbox_id: '',
          supersedes: 0,
          outcome: null,
          started_at: 0,
          finished_at: null,
        })
        .execute()
      await expect(effects.perform(effect, { turnId: 'left', signal: process.signal })).rejects.toThrow('killed')
      clock.forward(MINUTE)
      await effects.settle()
      expect((await row(effect.key)).state).toBe('in_flight')
      await db.updateTable('turns').set({ status: 'dead' }).where('id', '=', 'left').execute()
      await effects.settle()
      expect((await row(effect.key)).state).toBe('done')
      expect(await inbox('effect')).toHaveLength(1)
    })

    test('that nobody can look up for ten minutes is a person’s, and the customer is told once', async () => {
      const { anna, clock, effects, inbox, perform, provider, row } = await open()
      const effect = await planned(anna.plan(anna.charge(790)))
      provider.faults.push('hang')
      provider.lookUpFaults.push(...Array.from({ length: 40 }, () => 'fail' as const))
      await perform(effect)
      for (let i = 0; i < 15; i += 1) {
        clock.forward(MINUTE)
        await effects.settle()
      }
      expect(await row(effect.key)).toMatchObject({ state: 'in_doubt', code: 'effect.unresolved' })
      expect(await inbox('effect')).toHaveLength(1)
      provider.lookUpFaults.length = 0
      clock.forward(MINUTE)
      await effects.settle()
      expect(await row(effect.key)).toMatchObject({ state: 'failed', code: 'effect.not_done' })
      expect(await inbox('effect')).toHaveLength(2)
    })
  })

  describe(`an effect that people have to agree to, on ${name}`, () => {
    const asked = async (minor = 20_000) => {
      const ledger = await open()
      const charge = ledger.anna.charge(minor)
      const effect = await planned(ledger.anna.plan(charge))
      const id = approvalIdOf(await ledger.perform(effect))
      return { ...ledger, charge, effect, id }
    }
    const approve = (agent: string) => ({ agent, decision: 'approve' as const })
    const deny = (agent: string, reason = 'It was used.') => ({ agent, decision: 'deny' as const, reason })

    test('waits, shows a card of what was agreed on, and is done after the yes', async () => {
      const { anna, approvals, charge, db, effect, id, inbox, news, perform, provider } = await asked()
      expect(effect.approvals).toBe(1)
      expect(approvalIdOf(await perform(effect))).toBe(id)
      expect(await anna.plan(charge)).toMatchObject({ status: 'repeated' })
      expect(await approvals.list({ state: 'pending' })).toMatchObject([
        {
          id,
          state: 'pending',
          customerId: 'anna',
          conversationId: anna.conversationId,
          tool: 'refund_charge',
          summary: `refund 20000 cents of ${charge}`,
          amount: { minor: 20_000, currency: 'EUR' },
          args: { chargeId: charge },
          reason: 'EUR 200.00 is above EUR 50.00',
          needed: 1,
          decisions: [],
        },
      ])
      expect(provider.calls).toEqual([])
      expect(await approvals.decide(id, approve('Mara'))).toMatchObject({
        state: 'approved',
        decisions: [{ agent: 'Mara' }],
      })
      expect(news).toEqual([anna.conversationId])
      const [row, ...others] = await inbox('approval')
      expect(others).toEqual([])
      expect(JSON.parse(row?.body ?? '')).toEqual({
        text: '',
        principal: { customerId: 'anna', assurance: 'verified', channel: 'web' },
        effect: { key: effect.key, argsHash: effect.argsHash },
      })
      expect(await readEvents(db, anna.conversationId)).toMatchObject([
        {
          seq: row?.seq,
          type: 'approval-decided',
          actor: 'Mara',
          data: { id, decision: 'approved', agents: ['Mara'] },
        },
      ])
      const done = await perform(effect)
      expect(done).toMatchObject({ status: 'done' })
      expect(await perform(effect)).toEqual(done)
      expect(provider.calls).toEqual([effect.key])
      expect(await approvals.list({ state: 'pending' })).toEqual([])
    })

    test('is not done after a no, and the customer is told why', async () => {
      const { approvals, charge, effect, id, perform, provider, anna } = await asked()
      await expect(approvals.decide(id, { agent: 'Mara', decision: 'deny' })).rejects.toMatchObject({ status: 400 })
      await approvals.decide(id, deny('Mara'))
      expect(await perform(effect)).toMatchObject({
        status: 'failed',
        code: 'effect.denied',
        message: expect.stringContaining('It was used.'),
      })
      expect(provider.calls).toEqual([])
      // Another ask is another question, not a way around the answer.
      expect(await perform(await planned(anna.plan(charge)))).toMatchObject({ status: 'awaiting' })
    })

    test('that nobody decided within three days is not done, and the customer is told', async () => {
      const { anna, approvals, clock, effect, effects, id, inbox, news, perform, provider } = await asked()
      clock.forward(72 * HOUR - MINUTE)
      await effects.settle()
      expect(await inbox('approval')).toEqual([])
      clock.forward(2 * MINUTE)
      await expect(approvals.decide(id, approve('Mara'))).rejects.toMatchObject({
        code: 'approvals.expired',
        status: 409,
      })
      await Promise.all([effects.settle(), effects.settle()])
      expect(await inbox('approval')).toHaveLength(1)
      expect(news).toEqual([anna.conversationId])
      await expect(approvals.decide(id, approve('Mara'))).rejects.toMatchObject({ code: 'approvals.expired' })
      expect(await perform(effect)).toMatchObject({ status: 'failed', code: 'effect.expired' })
      expect(provider.calls).toEqual([])
    })

    test('that a turn ended without acting on gets another turn, and after a few of them a person', async () => {
      const { approvals, clock, db, effect, effects, id, inbox, perform, provider, row } = await asked()
      await approvals.decide(id, approve('Mara'))
      const endTurns = () => db.updateTable('inbox').set({ status: 'done' }).where('kind', '=', 'approval').execute()
      clock.forward(MINUTE)
      await effects.settle()
      expect(await inbox('approval')).toHaveLength(1)
      await endTurns()
      await Promise.all([effects.settle(), effects.settle()])
      expect(await inbox('approval')).toHaveLength(2)
      for (let i = 0; i < 10; i += 1) {
        await endTurns()
        clock.forward(MINUTE)
        await effects.settle()
      }
      expect(await inbox('approval')).toHaveLength(5)
      expect(await row(effect.key)).toMatchObject({ state: 'awaiting', code: 'effect.unresolved' })
      expect(provider.calls).toEqual([])
      expect(await perform(effect)).toMatchObject({ status: 'done' })
    })

    test('above the highest limit needs two different agents, however one of them spells their name', async () => {
      const { approvals, effect, id, inbox, perform, provider } = await asked(60_000)
      expect(effect.approvals).toBe(2)
      for (const agent of ['Mara', 'Mara', 'mara', 'MARA ', 'M a r a', 'Mara.', 'Mara\u200b', 'Márà', 'Ｍａｒａ'])
        expect(await approvals.decide(id, approve(agent))).toMatchObject({
          state: 'pending',
          decisions: [{ agent: 'Mara' }],
        })
      expect(await inbox('approval')).toEqual([])
      expect(approvalIdOf(await perform(effect))).toBe(id)
      expect(await approvals.decide(id, approve('Jon'))).toMatchObject({ state: 'approved' })
      expect(await perform(effect)).toMatchObject({ status: 'done' })
      expect(provider.calls).toEqual([effect.key])
    })

    test('counts two agents who click at once', async () => {
      const { approvals, id, inbox } = await asked(60_000)
      await Promise.all([approvals.decide(id, approve('Mara')), approvals.decide(id, approve('Jon'))])
      expect(await approvals.list({ state: 'approved' })).toMatchObject([{ id }])
      expect(await inbox('approval')).toHaveLength(1)
    })

    test('may be denied by who has agreed, as long as it is not decided', async () => {
      const { approvals, effect, id, perform } = await asked(60_000)
      await approvals.decide(id, approve('Mara'))
      expect(await approvals.decide(id, deny('Mara'))).toMatchObject({ state: 'denied' })
      expect(await perform(effect)).toMatchObject({ status: 'failed', code: 'effect.denied' })
    })

    test('is decided once: double clicks and late ones change nothing', async () => {
      const { approvals, effect, id, inbox, perform, provider } = await asked()
      const clicks = await Promise.allSettled([
        approvals.decide(id, approve('Mara')),
        approvals.decide(id, approve('Mara')),
        approvals.decide(id, deny('Jon')),
      ])
      expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const [card] = await approvals.list()
      await expect(approvals.decide(id, deny('Jon'))).rejects.toMatchObject({ code: 'approvals.decided', status: 409 })
      expect(await approvals.list()).toEqual([card])
      expect(await inbox('approval')).toHaveLength(1)
      const outcome = await perform(effect)
      expect(outcome.status).toBe(card?.state === 'approved' ? 'done' : 'failed')
      expect(provider.calls).toHaveLength(card?.state === 'approved' ? 1 : 0)
      await expect(approvals.decide(crypto.randomUUID(), approve('Mara'))).rejects.toMatchObject({ status: 404 })
    })

    test('is checked again after the yes', async () => {
      const { approvals, charge, effect, id, perform, provider } = await asked()
      await provider.refund('elsewhere', charge, 100)
      await approvals.decide(id, approve('Mara'))
      expect(await perform(effect)).toMatchObject({ status: 'failed', code: 'policy.over_remainder' })
      expect(provider.refunded(charge)).toBe(100)
    })
  })
}

/** What holds however many are at it. @param processes as many ledgers on one database as may share it */
export function limitsContract(name: string, processes: number, create: () => Promise<string>): void {
  const open = async () => {
    const url = await create()
    const first = await createLedger(url)
    const others = await Promise.all(Array.from({ length: processes - 1 }, () => createLedger(url, first)))
    return [first, ...others] as const
  }

  describe(`many effects at once, on ${name}`, () => {
    test('of one customer never go unasked above the limit of 30 days', { timeout: 60_000 }, async () => {
      const ledgers = await open()
      const [first] = ledgers
      // One customer in several conversations, so that nothing but the customer keeps them apart.
      const annas = await Promise.all(Array.from({ length: 5 }, () => first.customer('anna')))
      const plans = await Promise.all(
        Array.from({ length: 10 }, () => annas.map((anna) => planned(anna.plan(anna.charge(790))))).flat(),
      )
      const outcomes = await Promise.all(plans.map((effect, i) => (ledgers[i % processes] ?? first).perform(effect)))
      const done = outcomes.filter(({ status }) => status === 'done')
      // Twelve are EUR 94.80; a thirteenth would be above EUR 100.00.
      expect(done).toHaveLength(12)
      expect(outcomes.filter(({ status }) => status === 'awaiting')).toHaveLength(38)
      expect(first.provider.done.size).toBe(12)
      expect(first.provider.calls).toHaveLength(12)
    })

    test('of one charge never give back more than there was, and none has to be refused by the system', async () => {
      const ledgers = await open()
      const [first] = ledgers
      const anna = await first.customer('anna')
      const charge = anna.charge(1_000)
      const parts = Array.from({ length: 6 }, (_, i) => planned(anna.plan(charge, { minor: 400, part: `part-${i}` })))
      const effects = await Promise.all(parts)
      const outcomes = await Promise.all(effects.map((effect, i) => (ledgers[i % processes] ?? first).perform(effect)))
      const failed = outcomes.filter(({ status }) => status === 'failed')
      expect(failed.map((outcome) => outcome.status === 'failed' && outcome.code)).toEqual(
        Array(4).fill('policy.over_remainder'),
      )
      expect(first.provider.calls).toHaveLength(2)
      expect(first.provider.refunded(charge)).toBe(800)
    })

    test('of many customers all go to people above the limit of the hour', { timeout: 60_000 }, async () => {
      const ledgers = await open()
      const [first] = ledgers
      const plans = await Promise.all(
        Array.from({ length: 110 }, async (_, i) => {
          const customer = await first.customer(`c${i}`)
          return planned(customer.plan(customer.charge(5_000)))
        }),
      )
      const outcomes = await Promise.all(plans.map((effect, i) => (ledgers[i % processes] ?? first).perform(effect)))
      expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(100)
      expect(outcomes.filter(({ status }) => status === 'awaiting')).toHaveLength(10)
      first.clock.forward(HOUR)
      const late = await first.customer('late')
      expect(await first.perform(await planned(late.plan(late.charge(5_000))))).toMatchObject({ status: 'done' })
    })
  })
}
