import type { Kysely } from 'kysely'
import type { Systems } from '../../../graphs/systems.ts'
import type { Clock } from '../../clock.ts'
import type { Tables } from '../../database/tables.ts'
import { createBilling } from './billing.ts'
import { createCustomers } from './customers.ts'
import { createDevices } from './devices.ts'
import { createOrders } from './orders.ts'
import { createReturns } from './returns.ts'
import { createTickets } from './tickets.ts'

/**
 * Larkfield, the shop of the articles, on real tables. Each change is one transaction that holds the row of what it is
 * about, looks whether its key was there before, and checks the shop's own rules; see `seed.ts` for what is in it.
 */
export function createDemoShop(parts: { db: Kysely<Tables>; clock: Clock }): Systems {
  return {
    customers: createCustomers(parts),
    orders: createOrders(parts),
    billing: createBilling(parts),
    returns: createReturns(parts),
    devices: createDevices(parts),
    tickets: createTickets(parts),
  }
}
