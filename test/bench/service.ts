/** The product as it is measured: its processes on a database of their own. */
import { freePort } from '../support/free-port.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { askAs } from './credentials.ts'
import type { Postgres } from './postgres.ts'

export type Role = 'all' | 'api' | 'worker'

export interface Service extends AsyncDisposable {
  /** Of the process that serves the API. */
  readonly url: string
  readonly graphqlUrl: string
  readonly metricsUrl: string
  readonly databaseUrl: string
  /** By role. */
  readonly pids: Readonly<Record<string, number>>
}

export interface ServiceOptions {
  readonly databaseUrl?: string
  /** Of the process that serves the API. */
  readonly apiEnv?: Readonly<Record<string, string>>
  readonly workerEnv?: Readonly<Record<string, string>>
}

/** Whose rides a filled database has. */
const rider = 'Local rider'

/** Everything is counted, as where people sign in, and one key may do what the machine can. */
const wideLimits = Object.fromEntries(
  [
    'REQUESTS_PER_MINUTE',
    'COST_PER_MINUTE',
    'POSITIONS_PER_SECOND',
    'SUBSCRIPTIONS',
    'SOCKETS',
    'MESSAGES_PER_SECOND',
  ].map((what) => [`LIMIT_${what}`, '1000000000']),
)

/** The first of the roles serves the API. */
export async function startService(
  postgres: Postgres,
  roles: readonly Role[],
  { databaseUrl, apiEnv = {}, workerEnv = {} }: ServiceOptions = {},
): Promise<Service> {
  await using opening = new AsyncDisposableStack()
  const database = databaseUrl ?? (await postgres.database())
  const products: Product[] = []
  const metricsPort = await freePort()
  for (const role of roles) {
    const own = role === 'worker' ? workerEnv : { METRICS_PORT: String(metricsPort), ...apiEnv }
    const env = { DATABASE_URL: database, NODE_ENV: 'production', ...withSignIn, ...wideLimits, ...own }
    products.push(opening.use(await startProduct({ role, env })))
  }
  const [first] = products
  if (first === undefined) throw new Error('A service has at least one process')
  await askAs(rider, first)
  const open = opening.move()
  return {
    url: first.url,
    graphqlUrl: `${first.url}/graphql`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    databaseUrl: database,
    pids: Object.fromEntries(roles.map((role, index) => [role, products[index]!.pid])),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
