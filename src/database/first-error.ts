import type { Dialect } from 'kysely'

/**
 * The same dialect, except that a ROLLBACK that fails does not hide why its transaction did. On a full disk SQLite has
 * rolled back by itself, and on a cut connection there is nobody to ask: Kysely would then throw “no transaction is
 * active” or “not queryable” in the place of an error that says the database is unavailable.
 */
export function keepFirstError(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver() {
      const driver = dialect.createDriver()
      const rollback = driver.rollbackTransaction.bind(driver)
      driver.rollbackTransaction = (connection) => rollback(connection).catch(() => {})
      return driver
    },
  }
}
