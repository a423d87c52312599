import { describe, expect, test } from 'vitest'
import { openCounter } from './at-the-counter.ts'

test('list_devices says what is online and up to date', async () => {
  const { customer } = await openCounter()
  expect((await customer('cus_1006').look('list_devices')).say).toBe(
    [
      'These devices are registered to your account:',
      '1. Mesh 6 router (router, serial number LK1006MESH6A), online, firmware 6.4.2 (up to date)',
      '2. Porch Cam (camera, serial number LK1006PORCHA), online, firmware 3.0.9 (an update to 3.1.7 is ready)',
    ].join('\n'),
  )
  expect(await customer('cus_1001').look('list_devices')).toMatchObject({ data: null })
})

describe('run_diagnostics', () => {
  test('finds the device that is meant and points to the reset that would help', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1005').look('run_diagnostics', { device: 'my wifi keeps dropping' })).toMatchObject({
      say: 'I have checked your Mesh 6 router. The router drops the connection to the internet again and again. The check finds no answer from its settings. A reset should help.',
      next: { tool: 'reset_device', args: { device: 'dev_1005' } },
    })
  })

  test('hands the turn to a person where a reset did not help', async () => {
    const { customer } = await openCounter()
    const marek = customer('cus_1006')
    await marek.perform('reset_device', { device: 'router' })
    const found = await marek.look('run_diagnostics', { device: 'router' })
    expect(found.say).toMatch(/The reset on 18 November 2026 did not help\.$/)
    expect(found.next).toMatchObject({
      tool: 'hand_off',
      args: {
        to: 'human',
        reason: expect.stringContaining(
          'Mesh 6 router (dev_1006) still has a fault after the reset on 18 November 2026',
        ),
      },
    })
  })

  test('advises a warranty claim where the reset is long ago', async () => {
    const { customer, db } = await openCounter()
    await customer('cus_1006').perform('reset_device', { device: 'router' })
    await db
      .updateTable('shop_device_resets')
      .set({ at: Date.UTC(2026, 10, 9) })
      .execute()
    await db
      .updateTable('shop_devices')
      .set({ fault_since: Date.UTC(2026, 10, 8) })
      .where('id', '=', 'dev_1006')
      .execute()
    const found = await customer('cus_1006').look('run_diagnostics', { device: 'router' })
    expect(found.next).toBeUndefined()
    expect(found.say).toMatch(/choose "Warranty claim" under Account › Orders\.$/)
  })

  test('advises an update, finds nothing wrong, or says that it cannot be reached', async () => {
    const { customer, db } = await openCounter()
    expect((await customer('cus_1006').look('run_diagnostics', { device: 'camera' })).say).toMatch(
      /An update to 3\.1\.7 should help: in the app choose Devices › Porch Cam › Software update\. Settings are kept\.$/,
    )
    const camera = () => customer('cus_1005').look('run_diagnostics', { device: 'dev_1007' })
    expect((await camera()).say).toBe(
      'I have checked your Porch Cam. I find no fault in it, so its settings or surroundings are the likely cause.',
    )
    await db.updateTable('shop_devices').set({ online: 0 }).where('id', '=', 'dev_1007').execute()
    expect((await camera()).say).toMatch(
      /no power or no connection\. Please see to that first, and tell me if it still/,
    )
  })

  test('asks which device it is, and sees none of somebody else', async () => {
    const { customer } = await openCounter()
    expect((await customer('cus_1005').look('run_diagnostics', { device: 'it is broken' })).say).toBe(
      '1. Mesh 6 router (router, serial number LK1005MESH6A)\n2. Porch Cam (camera, serial number LK1005PORCHA)\n\nWhich of these devices is it about?',
    )
    expect(await customer('cus_1005').look('run_diagnostics', { device: 'dev_1006' })).toMatchObject({ data: null })
    expect(await customer('cus_1001').look('run_diagnostics')).toMatchObject({ data: null })
  })
})

describe('reset_device', () => {
  test('says what is lost, resets it and asks whether it works', async () => {
    const { customer } = await openCounter()
    const elif = customer('cus_1005')
    expect(await elif.plan('reset_device', { device: 'reset my router' })).toEqual({
      object: 'device:dev_1005',
      businessKey: 'reset:dev_1005:2026-11-18',
      proposal:
        'reset your Mesh 6 router (serial number LK1005MESH6A) to factory settings. This erases the Wi-Fi name and password, the guest network, port rules, parental controls, provider sign-in details and the links to satellites, and takes about 15 minutes without internet',
    })
    const receipt =
      'The reset is done. Please set the device up again in the app, and tell me if it still does not work.'
    expect(await elif.done('reset_device')).toBeNull()
    expect(await elif.perform('reset_device', { device: 'router' })).toBe(receipt)
    expect(await elif.done('reset_device')).toBe(receipt)
    expect((await elif.look('run_diagnostics', { device: 'router' })).say).toContain('I find no fault in it')
  })

  test('asks which device it is, and sees none of somebody else', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1005').refusal('reset_device')).toMatch(/Which of these devices is it about\?$/)
    for (const device of ['dev_1006', 'LK1006MESH6A'])
      expect(await customer('cus_1005').plan('reset_device', { device })).toBeNull()
    expect(await customer('cus_1001').plan('reset_device', { device: 'router' })).toBeNull()
  })
})

test('check_service_status tells anybody what is down', async () => {
  const { customer, tools, db } = await openCounter()
  expect(tools.get('check_service_status')?.assurance).toBe('anonymous')
  await db.deleteFrom('shop_outages').execute()
  const look = () => customer('visitor').look('check_service_status')
  expect((await look()).say).toBe('No disturbance of our services is known at the moment.')
  const since = Date.UTC(2026, 10, 18, 9)
  await db
    .insertInto('shop_outages')
    .values({ id: 'out_1', service: 'Porch Cloud', region: 'Ireland', note: 'Recordings arrive late.', since })
    .execute()
  expect((await look()).say).toBe(
    'These disturbances are known at the moment:\n1. Porch Cloud (Ireland), since 18 November 2026: Recordings arrive late.',
  )
})

test('open_ticket proposes the subject, opens it and gives its number', async () => {
  const { customer } = await openCounter()
  const nora = customer('cus_1001')
  const args = { subject: 'The app shows a blank page', detail: 'Since yesterday, on two phones.' }
  expect(await nora.plan('open_ticket', args)).toEqual({
    object: 'ticket:the app shows a blank page',
    businessKey: 'ticket:cus_1001:2026-11-18:the app shows a blank page',
    proposal: 'open a ticket for our team about “The app shows a blank page”',
  })
  expect(await nora.done('open_ticket')).toBeNull()
  const receipt = await nora.perform('open_ticket', args)
  expect(receipt).toMatch(
    /^Ticket \S+ about “The app shows a blank page” is open\. Our team answers within 1 business day\.$/,
  )
  expect(await nora.done('open_ticket')).toBe(receipt)
  expect(await customer('cus_none').plan('open_ticket', args)).toBeNull()
})
