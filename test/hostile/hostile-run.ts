/** Attacks on a product, one after the other, while somebody else is to be served; and what came of it. */
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { type AttackName, attacks, type Scale } from './attacks.ts'
import { openNeighbour, type Served } from './neighbour.ts'
import { residentBytes } from './resident.ts'
import { openRoads } from './roads.ts'

/** With which the product is started: with its usual limits, but that wire attacks come without a key. */
export const attackedEnv = { ...withSignIn, LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE: 'off' } as const

export interface HostileOptions {
  /** Started with `attackedEnv`. */
  readonly product: Product
  readonly seed: number
  readonly only: readonly AttackName[]
  readonly scale: Scale
  /** How long the neighbour is watched by himself before. */
  readonly calmMs: number
  onAttack?(row: Row): void
}

/** What one attack came to. */
export interface Row {
  readonly attack: AttackName
  readonly sent: number
  readonly seconds: number
  readonly findings: readonly string[]
  readonly neighbour: Served
  /** The neighbour's p99 during the attack by that before all of them. */
  readonly slowdown: number
  /** Resident when it had calmed down, beyond what was resident before all attacks. */
  readonly grownBytes: number
}

export interface Report {
  readonly calm: Served
  readonly rows: readonly Row[]
}

/**
 * By how much resident memory may have grown half a minute after an attack, over what it was before all of them. V8's heap grows to
 * what it once needed at a time, and is given back late: one and the same attack, six times over, came to rest between 0.35 and
 * 0.55 GiB from its second time on. What is kept for those who ask, or who do not read, would be far beyond: each attack sends
 * some hundred megabytes, those over sockets gigabytes.
 */
export const grownBytesBound = 768 * 1024 * 1024

/** A neighbour waits no more than so many times as long; below this many milliseconds it is the machine that says how long. */
export const slowdownBound = 3
export const calmestP99Ms = 20

export async function runHostile(options: HostileOptions): Promise<Report> {
  const { product, seed, only, scale, calmMs, onAttack } = options
  const { url } = product
  const honest = await asRider(product, 'Neighbour')
  await using neighbour = await openNeighbour(url, { authorization: honest.authorization })
  // Twice: the first time the code is compiled that the neighbour needs.
  for (let turn = 0; turn < 2; turn++) {
    await new Promise((resolve) => setTimeout(resolve, calmMs / 2))
    if (turn === 0) await neighbour.served()
  }
  const calm = await neighbour.served()
  const rows: Row[] = []
  const freshBytes = residentBytes(product.pid)
  for (const attack of only) {
    // Another for each attack: who is told to come back later for what an earlier one has cost attacks nobody.
    const attacker = await asRider(product, `Mallory, ${attack}`, ['rides:read', 'rides:write', 'admin'])
    const headers = { authorization: attacker.authorization }
    await using roads = openRoads(url, headers)
    const findings: string[] = []
    let sent = 0
    const before = {
      pid: product.pid,
      log: product.output().length,
      at: performance.now(),
    }
    await attacks[attack]({
      ...{ url, headers, roads, scale },
      random: randomFrom(seed),
      note(what, finding) {
        sent++
        if (finding !== undefined) findings.push(`${what.slice(0, 400)}: ${finding.slice(0, 600)}`)
      },
    })
    const seconds = (performance.now() - before.at) / 1000
    const served = await neighbour.served()
    findings.push(...(await aftermath(product, { ...before, freshBytes })))
    findings.push(...served.refusals.map((each) => `the neighbour was told ${each}`))
    // Of a moment nothing can be said.
    if (served.answers === 0 && seconds > 5) findings.push('the neighbour was not served at all')
    const row = {
      ...{ attack, sent, seconds, findings, neighbour: served },
      slowdown: served.p99Ms / Math.max(calm.p99Ms, calmestP99Ms),
      grownBytes: residentBytes(product.pid) - freshBytes,
    }
    rows.push(row)
    onAttack?.(row)
    await neighbour.served()
  }
  return { calm, rows }
}

/** What an attack has left behind, once the product has come to rest. */
async function aftermath(
  product: Product,
  before: { readonly freshBytes: number; readonly pid: number; readonly log: number },
): Promise<string[]> {
  const findings: string[] = []
  const isAlive = await fetch(`${product.url}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  )
  if (!isAlive) return ['it is not ready any more']
  const said = product.output().slice(before.log)
  for (const line of said.split('\n')) {
    if (/"level":"(error|fatal)"/.test(line))
      findings.push(`a fault in the log: ${/"msg":.*$/.exec(line)?.[0]} ${line.slice(0, 600)}`)
  }
  await eventually(
    'memory to be given back',
    () => residentBytes(product.pid) - before.freshBytes < grownBytesBound,
    { withinMs: 30_000, everyMs: 250 },
  ).catch(() => {
    const grown = Math.round((residentBytes(product.pid) - before.freshBytes) / 1024 / 1024)
    findings.push(`resident memory has grown by ${grown} MiB`)
  })
  return findings
}

export function isTooSlow({ slowdown }: Row): boolean {
  return slowdown > slowdownBound
}
