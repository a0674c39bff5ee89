/** Looks at everything, each thing for itself: what cannot be looked at does not keep the rest from being seen. */
import { existsSync } from 'node:fs'
import pg from 'pg'
import { type Config, readConfig } from '#config.ts'
import { openDatabase } from '#database/database.ts'
import { migratedTo } from '#database/migrate.ts'
import { openAdministration } from '#projections/administration.ts'
import { builtPages } from '#server/pages.ts'
import { judgeConfig, judgeFaults, judgeMapbox, judgeMapToken, judgePage } from './configuration.ts'
import { connectionsOf, judgeConnections } from './connections.ts'
import { judgeDurability } from './durability.ts'
import { freeBytes, judgeEmbedded, judgeHolder, openExisting } from './embedded.ts'
import type { Finding } from './finding.ts'
import { judgeClock, judgeDisk } from './ground.ts'
import { judgeProjections, judgeStanding } from './log.ts'
import type { Options } from './options.ts'
import { judgeReplica, judgeUnreachable, replicaAbout } from './replica.ts'
import { withoutSecrets } from './secrets.ts'
import { judgeServer, judgeUse } from './server.ts'
import { readServerFacts, type ServerFacts } from './server-facts.ts'
import { judgeUpkeep } from './upkeep.ts'
import { judgeCollector, judgeMetrics } from './watching.ts'

const answerWithinMs = 5_000
const database = 'Database'

interface Looking extends Means {
  /** Why it could not be looked at, without passwords. */
  readonly reasonOf: (error: unknown) => string
}

export interface Means {
  readonly options: Options
  readonly now: () => number
  /** What Mapbox calls the token; undefined where it was not reached. */
  readonly askMapbox: (token: string) => Promise<string | undefined>
  /** The status with which whoever takes traces answers; undefined where nobody does. */
  readonly askCollector: (endpoint: string) => Promise<number | undefined>
}

export async function examine(env: NodeJS.ProcessEnv, given: Means): Promise<Finding[]> {
  const hide = withoutSecrets(env)
  const means: Looking = { ...given, reasonOf: (error) => hide(reasonOf(error)) }
  const reading = readConfig(env)
  if (reading.outcome === 'refused') return judgeFaults(reading.faults)
  const { config } = reading
  const ofDatabase =
    config.databaseUrl === undefined
      ? await examineEmbedded(config, means)
      : await examineServer(config, config.databaseUrl, means)
  return [
    ...judgeConfig(config),
    ...ofDatabase,
    ...(await examinePages(config, means)),
    ...(await examineWatching(config, means)),
  ]
}

async function examineWatching(config: Config, { askCollector }: Means): Promise<Finding[]> {
  const { tracing } = config
  if (tracing === undefined) return [judgeMetrics(config)]
  const answer = await askCollector(tracing.endpoint)
  return [judgeMetrics(config), judgeCollector(tracing, answer)]
}

async function examinePages(config: Config, { options, askMapbox }: Means): Promise<Finding[]> {
  if (config.role === 'worker') return []
  const { mapboxAccessToken: token } = config
  const form = judgeMapToken(token)
  const isToAsk = options.online && token !== undefined && form.level === 'good'
  const answer = isToAsk ? [judgeMapbox(await askMapbox(token))] : []
  return [judgePage(existsSync(builtPages)), form, ...answer]
}

async function examineEmbedded(config: Config, means: Looking): Promise<Finding[]> {
  try {
    await using rooms = new AsyncDisposableStack()
    const embedded = await openExisting(config.dataDirectory)
    if (embedded === undefined) return [judgeEmbedded(false)]
    rooms.defer(() => embedded.close())
    const { url } = embedded
    const facts = await factsOf(url, means.now)
    const free = await freeBytes(config.dataDirectory)
    return [
      judgeEmbedded(true),
      judgeHolder(embedded),
      ...judgeServer(facts, config.role),
      judgeDisk(facts.bytes, free),
      ...(await examineLog(url, facts, means)),
    ]
  } catch (error) {
    return [judgeUnreachable(database, 'DATA_DIR', means.reasonOf(error))]
  }
}

async function examineServer(config: Config, url: string, means: Looking): Promise<Finding[]> {
  try {
    const facts = await factsOf(url, means.now)
    const { options } = means
    const { primary, replica } = connectionsOf(config, facts.log?.partitions ?? config.partitions)
    return [
      ...judgeServer(facts, config.role),
      judgeUse(facts),
      ...(await examineLog(url, facts, means)),
      judgeConnections('Connections', { each: primary, processes: options.processes }, roomOf(facts)),
      ...judgeDurability(facts),
      ...judgeUpkeep(facts),
      judgeClock(facts.clock),
      judgeDisk(facts.bytes, undefined),
      ...(config.databaseReadUrl === undefined
        ? []
        : await examineReplica(
            config.databaseReadUrl,
            facts,
            { each: replica, processes: options.processes },
            means,
          )),
    ]
  } catch (error) {
    return [judgeUnreachable(database, 'DATABASE_URL', means.reasonOf(error))]
  }
}

async function examineReplica(
  url: string,
  primary: ServerFacts,
  wanted: { readonly each: number; readonly processes: number },
  means: Looking,
): Promise<Finding[]> {
  try {
    const facts = await factsOf(url, means.now)
    return [...judgeReplica(primary, facts), judgeConnections(replicaAbout, wanted, roomOf(facts))]
  } catch (error) {
    return [judgeUnreachable(replicaAbout, 'DATABASE_READ_URL', means.reasonOf(error))]
  }
}

async function examineLog(url: string, { log, rights }: ServerFacts, { now }: Means): Promise<Finding[]> {
  // That he may not was said.
  if (rights.mayAppend === false) return []
  const standing = await migratedTo(url)
  const found = judgeStanding(standing)
  if (log === null || (standing.to !== 'this version' && standing.to !== 'newer')) return [found]
  await using rooms = new AsyncDisposableStack()
  const opened = openDatabase<unknown>({ url, onConnectionLost: () => undefined })
  rooms.defer(() => opened.close())
  const administration = openAdministration({
    ...{ database: opened.write, projections: [], partitions: log.partitions },
  })
  return [found, ...judgeProjections(await administration.status(), { ...log, now: now() })]
}

async function factsOf(url: string, now: () => number): Promise<ServerFacts> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'slipstream doctor',
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  })
  // What happens to it is told by connect and query.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await readServerFacts(client, now)
  } finally {
    void client.end()
  }
}

function roomOf({ settings, connections }: ServerFacts) {
  const number = (name: string) => Number(settings.get(name) ?? 0)
  return {
    max: number('max_connections'),
    reserved: number('superuser_reserved_connections') + number('reserved_connections'),
    others: connections.others,
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Of several addresses that were tried each says why.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error.message || ('code' in error ? String(error.code) : error.name)
}
