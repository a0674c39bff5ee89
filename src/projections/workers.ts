/**
 * The workers: a runner for each version of each projection and each partition,
 * however many processes do the same; begun and ended as versions come and go. A
 * version that has been built is promoted, one that has been retired for long dropped.
 */
import type { ConnectionPool } from '@databases/pg'
import { isAway, sqlState } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import type { Listener } from '#log/listener.ts'
import { makeCheckpoints } from './checkpoint.ts'
import type { Projection } from './projection.ts'
import { type Promotion, promote } from './promote.ts'
import { type RunnerHearer, runProjection } from './runner.ts'
import { adoptVersion, beginVersion, dropVersion, type ProjectionVersion, readVersions } from './versions.ts'

export interface WorkersOptions extends RunnerHearer {
  readonly database: ConnectionPool
  readonly listener: Listener
  readonly projections: readonly Projection[]
  readonly partitions: number
  readonly now: () => number
  readonly signal: AbortSignal
  /** Which versions there are could not be found out, or changed; it is tried again. */
  onLookFault(error: unknown): void
  onPromotion?(projection: string, promotion: Promotion): void
  /** The tables are of an older revision and are built anew. */
  onRenewal?(projection: string, version: number): void
  /** Only those versions; all where left out. */
  readonly includes?: (version: ProjectionVersion) => boolean
  readonly pollMs?: number
  readonly retiredForMs?: number
  /** Whether somebody goes on with the traces of events. */
  readonly traced?: boolean
}

/** Whoever began to read a version has so long to finish. */
export const defaultRetiredForMs = 600_000
const lookEveryMs = 2_000
const lockNotAvailable = '55P03'

/** Runs until `signal` aborts; resolves when the batches under way are done. */
export async function runWorkers(options: WorkersOptions): Promise<void> {
  const { database, listener, projections, partitions, now, signal } = options
  const { includes = () => true, pollMs, retiredForMs = defaultRetiredForMs } = options
  const running = new Map<string, { readonly stopping: AbortController; readonly done: Promise<unknown> }>()
  const hint = createHint()
  const stopListening = listener.on('serving', () => hint.give())
  try {
    while (!signal.aborted) {
      try {
        await look()
      } catch (error) {
        tellFault(error)
      }
      await hint.wait(lookEveryMs, signal)
    }
  } finally {
    stopListening()
    await Promise.all([...running.keys()].map(stop))
  }

  async function look(): Promise<void> {
    const versions = (await readVersions(database)).filter(includes)
    const wanted = new Map<string, () => Promise<void>>()
    const changes: (() => Promise<void>)[] = []
    for (const projection of projections) {
      // Tables of a newer program are its own workers' to fill:
      // by this one's rules the rows would come out otherwise.
      for (const each of versions.filter(
        (version) => version.projection === projection.name && version.revision <= projection.revision,
      )) {
        if (each.state === 'retired' && now() - each.since > retiredForMs) {
          changes.push(() => drop(projection))
          continue
        }
        const key = `${projection.name} ${each.version}`
        wanted.set(key, () => start(key, projection, each))
        if (each.state === 'building') changes.push(() => tryPromotion(projection))
        // Before its runners fill it.
        const isOlder = each.state === 'serving' && each.revision < projection.revision
        if (isOlder && !(await adopt(projection, each))) changes.push(() => renew(projection))
      }
    }
    for (const key of [...running.keys()]) if (!wanted.has(key)) await stop(key)
    for (const [key, begin] of wanted) if (!running.has(key)) await begin()
    // What cannot be changed keeps nobody from working.
    for (const change of changes) await change().catch(tellFault)
  }

  function tellFault(error: unknown): void {
    if (!isAway(error)) options.onLookFault(error)
  }

  async function start(
    key: string,
    projection: Projection,
    { version, state }: ProjectionVersion,
  ): Promise<void> {
    // Of a version that is being built whoever began it has made them.
    if (state === 'serving')
      await makeCheckpoints(database, { projection: projection.name, version, partitions })
    const stopping = new AbortController()
    const runners = Array.from({ length: partitions }, (_, partition) =>
      runProjection({
        ...(pollMs === undefined ? {} : { pollMs }),
        database,
        listener,
        projection,
        version,
        partition,
        signal: stopping.signal,
        traced: options.traced,
        onFault: options.onFault,
        onParked(who, event) {
          options.onParked(who, event)
          // It may have been the last one that a new version waited for.
          hint.give()
        },
        onHole: options.onHole,
        async onBatch(who, batch) {
          await options.onBatch?.(who, batch)
          if (batch.state === 'building' && !batch.hasMore) await tryPromotion(projection).catch(tellFault)
        },
      }),
    )
    running.set(key, { stopping, done: Promise.all(runners) })
  }

  async function stop(key: string): Promise<void> {
    const runner = running.get(key)
    running.delete(key)
    runner?.stopping.abort()
    await runner?.done
  }

  /** Where somebody still reads it, later. */
  async function drop(projection: Projection): Promise<void> {
    try {
      await dropVersion(database, projection, { state: 'retired', olderThanMs: retiredForMs })
    } catch (error) {
      const isHeld = error instanceof Error && sqlState(error) === lockNotAvailable
      if (!isHeld) throw error
    }
  }

  /** Where it cannot, they are filled as they are, and it is tried again. */
  async function adopt(projection: Projection, { version }: ProjectionVersion): Promise<boolean> {
    return adoptVersion(database, projection, { version, partitions }).catch((error: unknown) => {
      tellFault(error)
      return true
    })
  }

  async function renew(projection: Projection): Promise<void> {
    const { version, isNew } = await beginVersion(database, projection, { partitions, isRenewal: true })
    if (!isNew) return
    options.onRenewal?.(projection.name, version)
    hint.give()
  }

  async function tryPromotion(projection: Projection): Promise<void> {
    const promotion = await promote(database, projection, partitions)
    options.onPromotion?.(projection.name, promotion)
  }
}
