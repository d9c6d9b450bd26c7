import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Tests start hundreds of gateways, each of which would take the types out of every file anew.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('.cache/compile', import.meta.url))

/**
 * unit: no network and no processes; redis: a real server; e2e: spawned gateways and workers. A test's time is that of a
 * machine that has other work too.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Loading the modules for every file anew took a quarter of the time.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          testTimeout: 20_000,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.redis.test.ts', 'test/e2e/**'],
        },
      },
      {
        test: {
          name: 'redis',
          testTimeout: 20_000,
          include: ['test/**/*.redis.test.ts'],
          exclude: ['test/e2e/**'],
          globalSetup: ['test/support/redis-server.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They wait most of the time, but with more than two at once their deadlines would mean nothing.
          maxWorkers: 2,
          // After all others, which leave no core to anybody.
          sequence: { groupOrder: 1 },
          globalSetup: ['test/support/redis-server.ts'],
        },
      },
    ],
  },
})
