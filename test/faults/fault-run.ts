/**
 * A fault run: riders write at full load and watchers watch, while processes are killed, the network fails and workers
 * are stopped. Then all is healed, and what the clients were told is held against what is there.
 *
 * `run.ts` is the program around it; test/journeys/faults.test.ts a short one.
 */
import { type Random, randomFrom } from '#recordings/simulate/simulate-random.ts'
import { startCluster } from '../support/cluster.ts'
import { startFleet } from './fleet.ts'
import { type Finding, openLedger } from './ledger.ts'
import { makeMischief } from './mischief.ts'
import { ride } from './rider.ts'
import { createSender } from './sender.ts'
import { comeToRest, verify } from './verify.ts'
import { type Watched, watch } from './watcher.ts'

export interface FaultRunOptions {
  /** What goes wrong and when follows from it; how the processes take it does not. */
  readonly seed: number
  /** How long things go wrong, in milliseconds. Starting, healing and verifying come on top. */
  readonly durationMs: number
  /** However long they take. */
  readonly leastFaults?: number
  readonly riders?: number
  readonly onProgress?: (counts: ReadonlyMap<string, number>) => void
}

export interface FaultReport {
  readonly partitions: number
  readonly counts: ReadonlyMap<string, number>
  /** Empty where everything holds. */
  readonly findings: readonly Finding[]
}

const progressEveryMs = 10_000
const mostWatchers = 8
const watchedShare = 0.3
/** After the healing, for everything that is under way. */
const toComeToRestMs = 60_000

/** With an even seed the log has four partitions, else one. */
export const partitionsOf = (seed: number) => (seed % 2 === 0 ? 4 : 1)

export async function runFaults(options: FaultRunOptions): Promise<FaultReport> {
  const { seed, durationMs, leastFaults = 0, riders = 24, onProgress } = options
  const partitions = partitionsOf(seed)
  const ledger = openLedger()
  const randoms = randomsFrom(seed)
  const random = randoms()
  await using cluster = await startCluster()
  await using fleet = await startFleet({ cluster, partitions, random: randoms(), ledger })
  const urls = fleet.apis.map(({ url }) => url)
  const mischief = new AbortController()
  const timeIsUp = setTimeout(() => mischief.abort(), durationMs)
  const closing = new AbortController()
  const hopeless = new AbortController()

  const gaveUp = (who: string) => (error: unknown) => {
    ledger.find('broken', `A ${who} gave up: ${error instanceof Error ? error.message : error}`)
  }
  const watching = new Set<Promise<void>>()
  const watched: Watched[] = []
  const watchRandom = randoms()
  const watchSometimes = (rideId: string) => {
    if (watching.size >= mostWatchers || watchRandom() > watchedShare) return
    const watcher = watch(rideId, { urls, ledger, random: randoms(), signal: hopeless.signal })
    const over = watcher.then((seen) => void watched.push(seen), gaveUp('watcher'))
    watching.add(over)
    void over.then(() => watching.delete(over))
  }
  const riding = Array.from({ length: riders }, () => {
    const sender = createSender({ urls, ledger, random: randoms(), signal: hopeless.signal })
    const rider = ride({
      sender,
      ledger,
      random: randoms(),
      closing: closing.signal,
      started: watchSometimes,
    })
    return rider.catch(gaveUp('rider'))
  })
  const progress = setInterval(() => onProgress?.(ledger.counts), progressEveryMs)
  try {
    await makeMischief({ cluster, fleet, ledger, random }, mischief.signal, leastFaults)
    // Not before, so that the last fault too is met at full load.
    closing.abort()
    const giveUp = setTimeout(() => hopeless.abort(), toComeToRestMs)
    await Promise.all(riding)
    await comeToRest(cluster.url, ledger, toComeToRestMs)
    await Promise.all(watching)
    clearTimeout(giveUp)
    await verify(cluster.url, ledger, watched)
  } finally {
    clearInterval(progress)
    clearTimeout(timeIsUp)
    closing.abort()
    hopeless.abort()
  }
  ledger.count('rides', ledger.rides.size)
  ledger.count('rides deleted', ledger.deletions.size)
  return { partitions, counts: ledger.counts, findings: ledger.findings }
}

/** A stream of randomness for each who needs one, so that what one does does not change what another one draws. */
function randomsFrom(seed: number): () => Random {
  let next = 0
  return () => randomFrom(Math.imul(seed, 1_000_003) + next++)
}
