/**
 * Four groups of tests, told apart by what they need:
 *
 * - `unit`: nothing but Node;
 * - `embedded`: embedded databases of their own, which they open, break and kill;
 * - `database`: an empty database a file (test/support/database.ts). Without TEST_DATABASE_URL each worker has an
 *   embedded one, which it empties for each file; with it, each file has a database of its own on that server;
 * - `browser`: Chromium and the whole product, on the server of TEST_DATABASE_URL or on an embedded database of its own.
 *
 * A test belongs to `unit` unless it is claimed by another group, so that none can fall between them.
 */
import { defineConfig } from 'vitest/config'
import { Summary } from './test/support/summary.ts'

const embedded = ['test/database/embedded/**/*.test.ts']
const database = [
  'test/log/**/*.test.ts',
  'test/database/**/*.test.ts',
  'test/projections/**/*.test.ts',
  'test/live/**/*.test.ts',
  'test/api/**/*.test.ts',
  // Of these few a request, or not even that, is all they need.
  'test/server/!(body|coercion|connection|fan-out|compiled|closing|documents|http-road|one-policy|download-name|exported-files|stream-file|stream-zip|road).test.ts',
  'test/identity/!(known|tokens|config|client-address|unavailable).test.ts',
  'test/journeys/**/*.test.ts',
  'test/drills/**/*.test.ts',
  'test/telemetry/!(settings|traceparent|sampling).test.ts',
  'test/hostile/hostile.test.ts',
  'test/privacy/zone-leak.test.ts',
  'test/matrix/!(rules).test.ts',
  'test/image/image.test.ts',
  'test/webhooks/{telling,delivering,endpoints}.test.ts',
]
const browser = ['test/browser/**/*.test.ts']

/** Two cores are what a small machine has; more workers would only make the time-outs meaningless. */
const workers = 2
/** On a server of its own a test mostly waits for it. */
const databaseWorkers = process.env['TEST_DATABASE_URL'] ? 3 : workers

export default defineConfig({
  // As Node resolves it: the schema is made of one copy of it, and must not be looked at by another.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    reporters: ['default', new Summary()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...embedded, ...database, ...browser],
          maxWorkers: workers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'embedded',
          include: embedded,
          setupFiles: 'test/support/end-products.ts',
          maxWorkers: workers,
          // Each makes a database or opens one: seconds of a processor of its own.
          testTimeout: 90_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: database,
          exclude: embedded,
          globalSetup: 'test/support/database-server.ts',
          setupFiles: 'test/support/end-products.ts',
          maxWorkers: databaseWorkers,
          // Some start one process after the other, which beside busy neighbours takes five times as long.
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browser,
          globalSetup: 'test/support/database-server.ts',
          setupFiles: 'test/support/end-products.ts',
          maxWorkers: workers,
          // The product makes its database first.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
