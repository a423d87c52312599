import type { Kysely, Selectable } from 'kysely'
import type { Customer, Customers } from '../../../graphs/systems.ts'
import type { ShopTables } from '../../database/shop.ts'
import type { Tables } from '../../database/tables.ts'

/** The shop's customers. */
export function createCustomers({ db }: { db: Kysely<Tables> }): Customers {
  const customers = db.selectFrom('shop_customers').selectAll()
  return {
    async find(customerId) {
      return customerOf(await customers.where('id', '=', customerId).executeTakeFirst())
    },
    async findByEmail(email) {
      return customerOf(await customers.where('email', '=', email.trim().toLowerCase()).executeTakeFirst())
    },
  }
}

function customerOf(row: Selectable<ShopTables['shop_customers']> | undefined): Customer | null {
  if (!row) return null
  const { id, name, email, locale, since } = row
  return { id, name, email, locale, since }
}
