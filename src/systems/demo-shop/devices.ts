import type { Kysely } from 'kysely'
import { type Device, type DeviceReset, type Devices, Refusal } from '../../../graphs/systems.ts'
import type { Clock } from '../../clock.ts'
import type { Tables } from '../../database/tables.ts'
import { diagnose } from './diagnosis.ts'

/** The devices that customers have linked, and what is down. */
export function createDevices({ db, clock }: { db: Kysely<Tables>; clock: Clock }): Devices {
  const devicesOf = (customerId: string) =>
    db.selectFrom('shop_devices').selectAll().where('customer_id', '=', customerId)
  return {
    async list(customerId) {
      const rows = await devicesOf(customerId).orderBy('id').execute()
      return rows.map(({ id, model, kind, serial, firmware, latest_firmware, online }) => ({
        id,
        model,
        kind: kind as Device['kind'],
        serial,
        firmware,
        latestFirmware: latest_firmware,
        online: online === 1,
      }))
    },

    async diagnose(customerId, deviceId) {
      const device = await devicesOf(customerId).where('id', '=', deviceId).executeTakeFirst()
      if (!device) return null
      const last = await db
        .selectFrom('shop_device_resets')
        .select('at')
        .where('device_id', '=', deviceId)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return diagnose(device, last?.at ?? null, clock.now())
    },

    reset: (customerId, deviceId, key) =>
      db.transaction().execute(async (trx) => {
        const device = await trx
          .updateTable('shop_devices')
          .set((eb) => ({ id: eb.ref('id') }))
          .where('id', '=', deviceId)
          .where('customer_id', '=', customerId)
          .returning('id')
          .executeTakeFirst()
        if (!device) throw new Refusal('devices.not_found', `There is no device ${deviceId}.`)
        const before = await resetOf(trx, key)
        if (before) return before
        const at = clock.now()
        await trx.insertInto('shop_device_resets').values({ request_key: key, device_id: deviceId, at }).execute()
        return { deviceId, at: new Date(at).toISOString() }
      }),

    async outages() {
      const now = clock.now()
      const rows = await db
        .selectFrom('shop_outages')
        .selectAll()
        .where('since', '<=', now)
        .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', now)]))
        .orderBy('since', 'desc')
        .execute()
      return rows.map(({ service, region, since, note }) => ({
        service,
        region,
        since: new Date(since).toISOString(),
        note,
      }))
    },

    settled: (key) => resetOf(db, key),
  }
}

async function resetOf(db: Kysely<Tables>, key: string): Promise<DeviceReset | null> {
  const row = await db.selectFrom('shop_device_resets').selectAll().where('request_key', '=', key).executeTakeFirst()
  return row ? { deviceId: row.device_id, at: new Date(row.at).toISOString() } : null
}
