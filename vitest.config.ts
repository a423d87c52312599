import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores: more workers only make each other late.
    maxWorkers: 2,
    env: { LOG_LEVEL: 'silent' },
  },
})
