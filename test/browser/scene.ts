/**
 * A product as somebody has it who has used it for a while: rides of two years, some that are under way, and nobody who signs
 * in. All are simulated, and the same each time but for their dates. And another product, where people sign in.
 */
import type { BrowserContext } from 'playwright-core'
import { outputOf } from '../bench/processes.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { makeFurnishedAccount } from './furnished.ts'

export interface Scene extends AsyncDisposable {
  /** Where nobody signs in. */
  readonly open: string
  /** Where people sign in. */
  readonly guarded: string
  /** A long ride that is finished, with heart rate and power. */
  readonly finished: string
  /** A ride that is under way: it was, until a moment ago, and stands still now. */
  readonly live: string
  /** Signs the window in at `guarded`. */
  readonly signIn: (context: BrowserContext) => Promise<void>
}

export interface SceneOptions {
  readonly history: number
  readonly riders: number
  /** For the products, such as where their databases are; left out, their own. */
  readonly env?: (name: 'open' | 'guarded') => Promise<Readonly<Record<string, string>>>
}

const root = new URL('../..', import.meta.url)
/** A quarter of an hour of riding in some seconds. */
const briefly = ['--seconds', '6', '--speed', '150', '--leave-open'] as const

export async function setScene({ history, riders, env }: SceneOptions): Promise<Scene> {
  await using opening = new AsyncDisposableStack()
  const [open, guarded] = await Promise.all([
    startProduct({ env: { ...(await env?.('open')) } }),
    startProduct({ env: { ...(await env?.('guarded')), ...withSignIn } }),
  ])
  opening.use(open)
  opening.use(guarded)
  const simulated = ['--history', String(history), '--riders', String(riders), ...briefly]
  await outputOf(['src/cli/simulate.ts', '--url', open.url, ...simulated], { directory: root })
  const rides = await eventually('all rides to be finished', () => ridesWhenDone(open, history), {
    withinMs: 120_000,
  })
  const account = await makeFurnishedAccount(guarded.url)
  const opened = opening.move()
  return {
    open: open.url,
    guarded: guarded.url,
    ...rides,
    signIn: async (context) => {
      const answer = await context.request.post(`${guarded.url}/api/auth/sign-in/email`, {
        data: { email: account.email, password: account.password },
        headers: { origin: guarded.url },
      })
      if (!answer.ok()) throw new Error(`Nobody could sign in: ${await answer.text()}`)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

interface Rides {
  readonly finished: string
  readonly live: string
}

async function ridesWhenDone({ url }: Product, history: number): Promise<Rides | undefined> {
  const query = `{
    finished: rides(first: 100, filter: { status: [FINISHED] }) { totalCount nodes { id title } }
    live: rides(first: 100, filter: { status: [ACTIVE] }) { nodes { id progress { distance } } }
  }`
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = (await response.json()) as {
    data: {
      finished: { totalCount: number; nodes: { id: string; title: string }[] }
      live: { nodes: { id: string; progress: { distance: number } }[] }
    }
  }
  const { finished, live } = data
  if (finished.totalCount < history) return undefined
  const long = finished.nodes.find(({ title }) => title === 'Col loop') ?? finished.nodes[0]
  // Who has come furthest has the most to show.
  const [riding] = live.nodes.toSorted((a, b) => b.progress.distance - a.progress.distance)
  return long && riding && { finished: long.id, live: riding.id }
}
