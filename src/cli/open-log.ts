/**
 * The log for a command: the same database that `npm start` works on, found in the same environment. The embedded one is
 * shared with the server where that runs, and opened where it does not.
 */
import { resolve } from 'node:path'
import type { ConnectionPool } from '@databases/pg'
import { type Config, readConfig } from '#config.ts'
import { openDatabase } from '#database/database.ts'
import { dataDirectory, exists } from '#database/embedded/directory.ts'
import { openEmbedded } from '#database/embedded.ts'
import { migratedTo } from '#database/migrate.ts'
import type { Standing } from '#database/served-programs.ts'
import { type Listener, openListener } from '#log/listener.ts'
import { type Log, openLog } from '#log/log.ts'
import { openMeasurer } from '#projections/measurer.ts'
import type { Projection } from '#projections/projection.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { reasonOf } from '#terminal.ts'

export interface OpenedForCli extends AsyncDisposable {
  readonly config: Config
  readonly url: string
  /** Refuses at once while the database is away. */
  readonly write: ConnectionPool
  /** Waits while the database is away, until the signal aborts. */
  readonly work: ConnectionPool
  readonly log: Log
  readonly listener: Listener
  readonly projections: readonly Projection[]
  close(): Promise<void>
}

export interface OpenForCliOptions {
  /** Gives up opening, and ends the waiting of `work`. */
  readonly signal?: AbortSignal
  /** Hears, in plain sentences, what goes on with the database; on stderr where left out, for stdout is the command's. */
  readonly say?: (sentence: string) => void
}

/** Throws an Error whose message is for the terminal: what is wrong, and what to do. */
export async function openForCli(
  env: NodeJS.ProcessEnv,
  { signal = new AbortController().signal, say = console.error }: OpenForCliOptions = {},
): Promise<OpenedForCli> {
  const reading = readConfig(env)
  if (reading.outcome === 'refused') {
    throw new Error(
      `The environment is not right:\n${reading.faults.map((fault) => `  ${fault}`).join('\n')}`,
    )
  }
  const { config } = reading
  const rooms = new AsyncDisposableStack()
  try {
    return await open(config, rooms, signal, say)
  } catch (error) {
    await rooms.disposeAsync().catch(() => undefined)
    throw signal.aborted ? signal.reason : new Error(reasonOf(error, config), { cause: error })
  }
}

async function open(
  config: Config,
  rooms: AsyncDisposableStack,
  signal: AbortSignal,
  say: (sentence: string) => void,
): Promise<OpenedForCli> {
  const url = config.databaseUrl ?? (await openEmbeddedDatabase(config, rooms, signal, say))
  const refusal = whyNot(await migratedTo(url))
  if (refusal !== undefined) throw new Error(refusal)
  const database = openDatabase<unknown>({
    url,
    onConnectionLost: () => say('A connection to the database was lost'),
    onAway: () => say('The database is away'),
    onBack: () => say('The database is back'),
  })
  rooms.defer(() => database.close())
  const { write, availability } = database
  const log = await openLog(write)
  rooms.defer(() => log.close())
  // A hint that is lost is made up for by looking.
  const listener = await openListener({
    url,
    availability,
    onLost: () => undefined,
    onReturned: () => undefined,
  })
  rooms.defer(() => listener.close())
  const { measure, close: closeMeasurer } = openMeasurer()
  rooms.defer(closeMeasurer)
  signal.throwIfAborted()
  const close = () => rooms.disposeAsync()
  return {
    config,
    url,
    write,
    work: database.work(signal),
    log,
    listener,
    projections: [rides, routes(log, { measure, committed: () => undefined })],
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A command changes no tables: a server that runs on them may not understand those of this version. */
function whyNot(standing: Standing): string | undefined {
  switch (standing.to) {
    case 'none':
      return 'There is no log in this database. Set DATABASE_URL as it is for the server, or make one with: npm start'
    case 'older':
      return 'The tables of this database are those of an older version of Slipstream. Start the server of this version first: npm start'
    case 'too new':
      return standing.reason
    case 'newer':
    case 'this version':
      return undefined
    default:
      return standing satisfies never
  }
}

/** A directory named by mistake is not made a database. */
async function openEmbeddedDatabase(
  config: Config,
  rooms: AsyncDisposableStack,
  signal: AbortSignal,
  say: (sentence: string) => void,
): Promise<string> {
  const directory = resolve(config.dataDirectory)
  if (!(await exists(dataDirectory(directory).postgres))) {
    throw new Error(
      `There is no database in ${directory}. Set DATA_DIR or DATABASE_URL as they are for the server, or make one with: npm start`,
    )
  }
  const embedded = await openEmbedded({ directory, onProgress: say, signal })
  rooms.defer(() => embedded.close())
  void embedded.failed.then((error) => {
    say(`The embedded database has stopped: ${error.message}`)
    process.exit(1)
  })
  return embedded.url
}
