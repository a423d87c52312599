import type { Clock } from '../../src/clock.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { openSqliteInMemory } from '../../src/database/sqlite.ts'
import { createDemoShop } from '../../src/systems/demo-shop/demo-shop.ts'
import { reseed } from '../../src/systems/demo-shop/seed.ts'
import type { OpenSystems } from '../contracts/systems.ts'
import { log } from '../database/contract.ts'

/** A day on which nothing is near a month's end. */
const NOW = Date.UTC(2026, 10, 18, 12)
export const clock: Clock = { now: () => NOW, sleep: async () => {} }

/** A demo shop in memory, filled on the day that `clock` shows. */
export async function openMemoryShop() {
  const db = await openSqliteInMemory()
  await reseed(db, clock)
  return { db, systems: createDemoShop({ db, clock }), today: '2026-11-18', close: () => db.destroy() }
}

/** The same on PostgreSQL: one database, filled anew for each. */
export function createPostgresShops(createDatabase: () => Promise<{ url: string; drop(): Promise<void> }>) {
  let opened: Promise<{ database: Database; drop(): Promise<void> }> | undefined
  const open = async () => {
    const { url, drop } = await createDatabase()
    return { database: await openDatabase(url, log), drop }
  }
  return {
    async open(): Promise<OpenSystems> {
      opened ??= open()
      const { db } = (await opened).database
      await reseed(db, clock)
      return { systems: createDemoShop({ db, clock }), today: '2026-11-18', close: async () => {} }
    },
    async drop(): Promise<void> {
      await (await opened)?.database.close()
      await (await opened)?.drop()
    },
  }
}
