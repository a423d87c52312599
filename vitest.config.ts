import { configDefaults, defineConfig } from 'vitest/config'
import { loadRetail } from './test/tau2/data.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Third-party data that is not part of the project: replayed where it stands beside it.
    exclude: [...configDefaults.exclude, ...(loadRetail() ? [] : ['test/tau2/replay.test.ts'])],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores: more workers only make each other late.
    maxWorkers: 2,
    env: { LOG_LEVEL: 'silent' },
  },
})
