import type { Transaction } from 'kysely'
import type { ShopTables } from '../../database/shop.ts'
import type { Tables } from '../../database/tables.ts'

/** Where numbers begin that people read to each other. */
const FIRST = { rma: 20_417, refund: 50_001, ticket: 30_012 }

/**
 * The next number, which nobody else gets. Its row stays locked until the transaction ends, so it comes after every
 * other lock: whoever takes them in this order does not wait for whoever waits for them.
 */
export async function nextNumber(trx: Transaction<Tables>, name: keyof typeof FIRST): Promise<number> {
  const row: ShopTables['shop_counters'] = { name, value: FIRST[name] }
  const { value } = await trx
    .insertInto('shop_counters')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb('shop_counters.value', '+', 1) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}
