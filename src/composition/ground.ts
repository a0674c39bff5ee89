/** The ground that all else stands on: the database, the log on it, who tells of news, and the tables that are read. */
import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { type Config, metricsAreBesideAllElse } from '#config.ts'
import { databaseTime, openClock } from '#database/clock.ts'
import { openDatabase } from '#database/database.ts'
import { openEmbedded } from '#database/embedded.ts'
import { isAway } from '#database/faults.ts'
import { migrate } from '#database/migrate.ts'
import { replicaFollows } from '#database/replica.ts'
import { isDiskFull } from '#database/room.ts'
import type { Opening } from '#lifetime.ts'
import { openCommands } from '#log/commands.ts'
import { openListener } from '#log/listener.ts'
import { openLog } from '#log/log.ts'
import { openServing } from '#projections/serving.ts'
import type { ReadTables } from '#projections/tables.ts'
import { rideDecider } from '#ride/decider.ts'
import type { FaultLog, RequestLog } from '#server/faults.ts'
import type { Metrics } from '#telemetry/metrics.ts'
import type { TracingSettings } from '#telemetry/settings.ts'
import type { Tracing } from '#telemetry/tracing.ts'
import { giveUp, say } from '#terminal.ts'
import { version } from '#version.ts'
import { openVault } from '#webhooks/vault.ts'
import { counted } from './counted-commands.ts'

export interface Means {
  readonly config: Config
  readonly opening: Opening
  readonly onFault: FaultLog
  readonly onRequest: RequestLog | undefined
  readonly metrics: Metrics
}

/** From 0 up to 1, such as nobody can foresee. */
export function unforeseen(): number {
  return randomInt(2 ** 32) / 2 ** 32
}

export type Ground = Awaited<ReturnType<typeof openGround>>

export async function openGround(means: Means) {
  const { config, opening, onFault, metrics } = means
  const { signal, rooms, openAnew } = opening
  const tracing = await openTracing(config.tracing, means)
  rooms.defer(() => tracing?.close())
  const url = config.databaseUrl ?? (await openEmbeddedDatabase(means))
  say('Preparing the database …')
  const migration = await migrate({
    url,
    partitions: config.partitions,
    onProgress: (step) => say(`  ${step}`),
  })
  if (migration.outcome === 'refused') throw new Error(migration.reason)

  const database = openDatabase<ReadTables>({
    url,
    readUrl: config.databaseReadUrl,
    onConnectionLost: (error) => onFault('A connection to the database was lost', error),
    onAway: () => onFault('The database is away; commands are answered OVERLOADED until it is back'),
    onBack: () => onFault('The database is back'),
    onFull: () =>
      onFault('The disk of the database is full; commands are answered OVERLOADED until there is room'),
    onEnough: () => onFault('The disk of the database has refused nothing for ten seconds'),
  })
  rooms.defer(() => database.close())
  const { availability, room, read, write } = database
  const work = database.work(signal)
  const clock = await openClock({
    ask: () => databaseTime(write),
    onOff: (aheadMs) => onFault(whichIsOff(aheadMs)),
  })
  rooms.use(clock)

  const log = await openLog(write, {
    lane: database.lane,
    onCommit: metrics.writeRoad.commit,
    tracing,
    // What is kept in mind (states that commands are decided on, how far the log was read) is of a log that is gone.
    onAnother: () =>
      openAnew('The log is not the one it was: a backup was restored or a replica has taken over'),
  })
  rooms.defer(() => log.close())
  // Who answers when the database is back may be another one.
  availability.onChange((status) => {
    if (status !== 'available') log.doubt()
  })
  const listener = await openListener({
    url,
    availability,
    onLost() {
      log.doubt()
      onFault('Notifications of the database are lost; looking by itself meanwhile')
    },
    onReturned: () => onFault('Notifications of the database are back'),
  })
  rooms.defer(() => listener.close())

  listener.on('identity', () => void log.recognise().catch(unlessAway('Which log this is could not be read')))

  // A worker does not hear of what other processes do to a stream, its deletion least of all: it keeps none in mind.
  const commands = counted(
    openCommands(log, rideDecider, config.role === 'worker' ? { cachedStreams: 0 } : {}),
    metrics.writeRoad,
  )
  if (config.databaseReadUrl !== undefined) {
    await replicaFollows({
      url: config.databaseReadUrl,
      random: Math.random,
      signal,
      onWaiting: () => say('Waiting for the replica at DATABASE_READ_URL …'),
    })
  }
  const serving = await openServing({
    read,
    listener,
    onFault: unlessAway('Which tables are served is unknown'),
  })
  rooms.defer(() => serving.close())

  /** What every server tells of, whatever else it serves. */
  const watching = {
    metrics: metricsAreBesideAllElse(config) ? metrics.exposition : undefined,
    onRoad: metrics.asking.request,
  }

  return {
    ...means,
    watching,
    ...{
      url,
      database,
      availability,
      room,
      read,
      write,
      work,
      tracing,
      log,
      listener,
      commands,
      serving,
      unlessAway,
    },
    /** Nobody has a clock of his own. */
    now: clock.now,
    clock,
    vault: openVault(log, config.signIn?.secret),
    /** What goes on for as long as the process does has failed: nobody would hear of anything new. */
    broken(error: unknown): void {
      onFault('What works in the background has failed', error)
      openAnew('Without it nothing can go on')
    },
    /** Waits for what was told to stop, each by its name; what fails while stopping is said. */
    async finished(working: Readonly<Record<string, Promise<void>>>): Promise<void> {
      const ends = Object.entries(working).map(([what, work]) => opening.during(what, work))
      for (const result of await Promise.allSettled(ends)) {
        if (result.status === 'rejected') onFault('Stopping was not clean', result.reason)
      }
    },
  }

  /** That the database is away, has no room or broke a connection is said once by itself, not by all who meet it. */
  function unlessAway(what: string): (error: unknown) => void {
    return (error) => {
      if (!isAway(error) && !isDiskFull(error)) onFault(what, error)
    }
  }
}

function whichIsOff(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  return `The clock of this machine is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's. The database's is gone by; set right whichever is wrong`
}

/** What nobody asked for is not even loaded. */
async function openTracing(
  settings: TracingSettings,
  { config: { role }, onFault }: Means,
): Promise<Tracing | undefined> {
  if (settings === undefined) return undefined
  const { openOtlp } = await import('#telemetry/otlp.ts')
  return openOtlp({
    ...{ ...settings, version, role, random: Math.random },
    onLost: () =>
      onFault('Traces are not taken where OTEL_EXPORTER_OTLP_ENDPOINT says: they are lost until they are'),
    onTaken: () => onFault('Traces are taken again'),
  })
}

async function openEmbeddedDatabase({ config, opening: { signal, rooms } }: Means): Promise<string> {
  const embedded = await openEmbedded({ directory: resolve(config.dataDirectory), onProgress: say, signal })
  rooms.defer(() => embedded.close())
  void embedded.failed.then((error) => giveUp(`The embedded database has stopped: ${error.message}`))
  return embedded.url
}
