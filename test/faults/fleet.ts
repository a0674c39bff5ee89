/** The product as it runs in production: two APIs and two workers, each a process with its own way to the database. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import type { Cluster } from '../support/cluster.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type DatabaseProxy, startProxy } from '../support/proxy.ts'
import type { Ledger } from './ledger.ts'

export interface Instance {
  /** `api 1`, `worker 2`. */
  readonly name: string
  readonly role: 'api' | 'worker'
  readonly url: string
  readonly network: DatabaseProxy
  /** Whether it runs as far as the fleet knows. */
  isUp(): boolean
  /** SIGKILL. */
  kill(): Promise<void>
  /** Starts it, again and again where it cannot start yet. */
  start(): Promise<void>
  /** SIGSTOP: it is there and does nothing. */
  freeze(): void
  thaw(): void
}

export interface Fleet extends AsyncDisposable {
  readonly apis: readonly Instance[]
  readonly workers: readonly Instance[]
  readonly all: readonly Instance[]
}

export interface FleetOptions {
  readonly cluster: Cluster
  readonly partitions: number
  readonly random: Random
  readonly ledger: Ledger
}

const lookEveryMs = 200
const tryAgainMs = 100

export async function startFleet({ cluster, partitions, random, ledger }: FleetOptions): Promise<Fleet> {
  await using opening = new AsyncDisposableStack()
  const closing = new AbortController()

  async function startInstance(role: 'api' | 'worker', number: number): Promise<OwnInstance> {
    const network = await startProxy({ target: cluster.port, random })
    opening.use(network)
    const url = new URL(cluster.url)
    url.port = String(network.port)
    const env = { DATABASE_URL: url.href, LOG_PARTITIONS: String(partitions) }
    const product = opening.use(await startProduct({ role, env }))
    return instanceOf(`${role} ${number}`, role, network, product, closing.signal)
  }

  // The first one makes the tables.
  const first = await startInstance('api', 1)
  const others = await Promise.all([
    startInstance('api', 2),
    startInstance('worker', 1),
    startInstance('worker', 2),
  ])
  const all = [first, ...others]
  const watching = setInterval(() => {
    for (const instance of all) reviveIfGone(instance, ledger)
  }, lookEveryMs)
  opening.defer(() => {
    clearInterval(watching)
    closing.abort()
  })
  const open = opening.move()
  return {
    all,
    apis: all.filter(({ role }) => role === 'api'),
    workers: all.filter(({ role }) => role === 'worker'),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

interface OwnInstance extends Instance {
  readonly product: Product
}

function instanceOf(
  name: string,
  role: 'api' | 'worker',
  network: DatabaseProxy,
  product: Product,
  closing: AbortSignal,
): OwnInstance {
  let isUp = true
  return {
    name,
    role,
    url: product.url,
    network,
    product,
    isUp: () => isUp,
    async kill() {
      isUp = false
      await product.kill()
    },
    async start() {
      isUp = false
      // A process that does not find its database ends, and whoever looks after it starts it again.
      while (!closing.aborted) {
        try {
          await product.restart()
          isUp = true
          return
        } catch {
          await pause(tryAgainMs)
        }
      }
    },
    freeze: () => void process.kill(product.pid, 'SIGSTOP'),
    thaw: () => void process.kill(product.pid, 'SIGCONT'),
  }
}

/** Nothing but a kill may end a process that runs. */
function reviveIfGone(instance: OwnInstance, ledger: Ledger): void {
  const { product } = instance
  if (!instance.isUp() || isRunning(product.pid)) return
  ledger.find('broken', `${instance.name} ended by itself:\n${product.output().slice(-2000)}`)
  void instance.start()
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
