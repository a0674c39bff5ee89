/** Slipstream: opens each room, in the order in which data passes through them, and closes them in reverse. */
import { randomInt, randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { sql } from '@databases/pg'
import { concealed, conceals } from '#api/live-rides.ts'
import { createLoaders } from '#api/loaders.ts'
import type { RideRow } from '#api/ride-row.ts'
import { type RideForAll, ridesById, ridesInProgress } from '#api/ride-rows.ts'
import { type Config, readConfig } from '#config.ts'
import { openDatabase } from '#database/database.ts'
import { openEmbedded } from '#database/embedded.ts'
import { isAway } from '#database/faults.ts'
import { migrate } from '#database/migrate.ts'
import { replicaFollows } from '#database/replica.ts'
import { openIdentity } from '#identity/identity.ts'
import { live, type Opening } from '#lifetime.ts'
import { openFeeds } from '#live/feed.ts'
import { openLiveRides } from '#live/live-rides.ts'
import { openTail } from '#live/tail.ts'
import { openCommands } from '#log/commands.ts'
import { openListener } from '#log/listener.ts'
import { openLog } from '#log/log.ts'
import { openAdministration } from '#projections/administration.ts'
import { openArrivals } from '#projections/arrivals.ts'
import { createFinisher } from '#projections/finisher.ts'
import { createMasker } from '#projections/masker.ts'
import { openMeasurer } from '#projections/measurer.ts'
import type { Projection } from '#projections/projection.ts'
import { createRedactor } from '#projections/redactor.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { openServing } from '#projections/serving.ts'
import { endSilentRides } from '#projections/silent-rides.ts'
import type { ReadTables } from '#projections/tables.ts'
import { vacuumDeleted } from '#projections/vacuum-deleted.ts'
import { workerNews } from '#projections/worker-news.ts'
import { runWorkers } from '#projections/workers.ts'
import { openReaders } from '#recordings/read/readers.ts'
import { rideDecider } from '#ride/decider.ts'
import { createReadRights } from '#rights/masking.ts'
import { openPrivacyZones } from '#rights/privacy-zones.ts'
import { shareOf } from '#rights/share-token.ts'
import { createShownRides } from '#rights/shown-rides.ts'
import { createAuth } from '#server/auth.ts'
import { clientAddresses } from '#server/client-address.ts'
import { createExports } from '#server/exports.ts'
import { createFaultLog } from '#server/faults.ts'
import { createGraphQL } from '#server/graphql.ts'
import { createIdentify } from '#server/identify.ts'
import { withShares } from '#server/identify-share.ts'
import { createImport } from '#server/import.ts'
import { openPolicy } from '#server/limits/policy.ts'
import { openPages } from '#server/pages.ts'
import { listen } from '#server/server.ts'
import { openSockets } from '#server/sockets.ts'
import { giveUp, reasonOf, say, welcome, whyNotOpenToOthers } from '#terminal.ts'
import { openDeliverer } from '#webhooks/deliverer.ts'
import { tellOfRides } from '#webhooks/teller.ts'
import { openVault } from '#webhooks/vault.ts'
import { openWebhooks } from '#webhooks/webhooks.ts'

const config = configOrLeave()
const onFault = createFaultLog({ readable: process.stderr.isTTY === true })
await live({ open, reasonOf: (error) => reasonOf(error, config), onFault })

async function open(opening: Opening): Promise<void> {
  const { signal, rooms, openAnew } = opening
  const url = config.databaseUrl ?? (await openEmbeddedDatabase(opening))
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
  })
  rooms.defer(() => database.close())
  const { availability, read, write } = database
  const work = database.work(signal)

  const log = await openLog(write, {
    lane: database.lane,
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

  const now = Date.now
  // A worker does not hear of what other processes do to a stream, its deletion least of all: it keeps none in mind.
  const commands = openCommands(log, rideDecider, config.role === 'worker' ? { cachedStreams: 0 } : {})
  const finisher = createFinisher({
    database: work,
    log,
    commands,
    now,
    onFault: unlessAway('Finishing rides failed'),
  })
  const redactor = createRedactor({
    database: work,
    onFault: unlessAway('Redacting deleted rides failed'),
    vacuum: (signal) => vacuumDeleted({ database: work, url, projections, signal }),
  })
  const measurer = openMeasurer({ isAhead: config.role !== 'api' })
  rooms.defer(() => measurer.close())
  const projections: Projection[] = [
    rides,
    routes(log, {
      measure: measurer.measure,
      committed() {
        finisher.wake()
        redactor.wake()
      },
    }),
  ]
  const { partitions } = log
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

  const vault = openVault(log, config.signIn?.secret)
  const allowPrivate = config.webhooksAllowPrivate
  const unsent = unlessAway('Webhooks could not be sent')
  const deliverer =
    config.role === 'api'
      ? undefined
      : await openDeliverer({ url, database: work, vault, allowPrivate, now, onFault: unsent })
  rooms.defer(async () => deliverer?.close())

  if (deliverer !== undefined) {
    const masker = createMasker({
      ...{ database: work, serving, log, commands, now },
      onFault: unlessAway('Masking rides failed'),
    })
    rooms.defer(listener.on('masks', masker.wake))
    const working = [
      tellOfRides({ database: work, log, listener, signal, onFault: unsent, onWaiting: deliverer.wake }),
      deliverer.run(signal),
      runWorkers({
        ...workerNews({ database: work, now, tell: say, onFault }),
        database: work,
        listener,
        projections,
        partitions,
        signal,
      }),
      finisher.run(signal),
      redactor.run(signal),
      masker.run(signal),
      endSilentRides({
        serving,
        log,
        commands,
        now,
        signal,
        onFault: unlessAway('Ending silent rides failed'),
      }),
    ]
    for (const each of working) each.catch(broken)
    rooms.defer(() => finished(working))
  }

  /** What goes on for as long as the process does has failed: nobody would hear of anything new. */
  function broken(error: unknown): void {
    onFault('What works in the background has failed', error)
    openAnew('Without it nothing can go on')
  }

  async function isReady(): Promise<boolean> {
    if (signal.aborted || availability.status !== 'available') return false
    return write.query(sql`select 1`).then(
      () => true,
      () => false,
    )
  }

  if (config.role === 'worker') {
    const { close } = await listen(config, { isReady, onFault })
    rooms.defer(close)
    say('Working on projections. Stop with Ctrl-C.')
    return
  }

  const tail = await openTail({
    log,
    listener,
    signal,
    onHole: ({ partition, position }) =>
      onFault(`The log has a hole at position ${position} of partition ${partition}`),
    onFault: unlessAway('The log could not be read on'),
    onRewound: () => openAnew('The log was set back to an earlier point while it was read'),
  })
  tail.onEvent(({ streamId, version }) => commands.seen(streamId, version))
  const feeds = openFeeds(log, tail)
  const liveRides = openLiveRides<RideForAll, RideRow>(tail, {
    all: () => ridesInProgress(serving.read()),
    some: (ids) => ridesById(serving.read(), log.partitionOf, ids),
    isInProgress: ({ status }) => status === 'ACTIVE' || status === 'PAUSED',
    conceals,
    concealed,
    onFault: unlessAway('The live map could not be brought up to date'),
  })
  rooms.defer(() => {
    liveRides.close()
    feeds.close()
  })
  const tailing = tail.run()
  tailing.catch(broken)
  rooms.defer(() => finished([tailing]))
  const arrivals = openArrivals({ serving, listener })
  rooms.defer(() => arrivals.close())

  const administration = openAdministration({ database: write, projections, partitions })
  const identity = await openIdentity({
    ...{ database: write, url, listener, now, onFault },
    origin: `http://127.0.0.1:${config.port}`,
    signIn: config.signIn,
  })
  rooms.defer(() => identity.close())
  const { accounts } = identity
  const publicUrl = config.signIn?.publicUrl
  const addressOf = clientAddresses(config.trustedProxies)
  const identify = withShares(createIdentify(identity), (token) => shareOf(log, token))
  const webhooks = openWebhooks({
    ...{ database: write, vault, allowPrivate },
    onWaiting: () => deliverer?.wake(),
  })
  const gone = config.databaseReadUrl === undefined ? undefined : tail.gone
  const policy = openPolicy({ limits: config.limits, publicUrl })
  rooms.defer(() => policy.deadline.close())
  const graphql = createGraphQL(
    {
      ...{ log, commands, serving, arrivals, feeds, liveRides, administration, now, newId: randomUUID },
      readRights: createReadRights(log),
      shownRides: createShownRides(log),
      privacyZones: openPrivacyZones({
        ...{ database: write, serving, random: unforeseen },
        masking: { log, commands, now },
      }),
      publicUrl,
      keys: identity.keys,
      webhooks,
      gone,
    },
    onFault,
    policy,
  )
  const readers = openReaders({ now })
  rooms.defer(() => readers.close())
  const { mapboxAccessToken } = config
  const pages = openPages({ withMapbox: mapboxAccessToken !== undefined })
  const listening = await listen(
    { ...config, publicUrl },
    {
      api: {
        graphql,
        pages,
        importFile: createImport({ readers, log, commands, now, rates: policy.rates }),
        exports: createExports((viewer) => createLoaders({ read: serving.read(), log, viewer, gone, now })),
        identify,
        answerAuth: createAuth(accounts, { publicUrl, addressOf }),
        signIn: async () =>
          accounts === undefined
            ? null
            : { signUp: await accounts.isSignUpOpen(), provider: config.signIn?.oidc !== undefined },
        mapboxAccessToken,
      },
      addressOf,
      isReady,
      onFault,
    },
  )
  const sockets = openSockets(listening, graphql, identify, addressOf)
  rooms.defer(async () => {
    await Promise.all([listening.close(), sockets.close()])
  })
  welcome(config, listening.port)
}

async function openEmbeddedDatabase({ signal, rooms }: Opening): Promise<string> {
  const embedded = await openEmbedded({ directory: resolve(config.dataDirectory), onProgress: say, signal })
  rooms.defer(() => embedded.close())
  void embedded.failed.then((error) => giveUp(`The embedded database has stopped: ${error.message}`))
  return embedded.url
}

/** From 0 up to 1, such as nobody can foresee. */
function unforeseen(): number {
  return randomInt(2 ** 32) / 2 ** 32
}

/** Waits for what was told to stop; what fails while stopping is said. */
async function finished(working: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(working)) {
    if (result.status === 'rejected') onFault('Stopping was not clean', result.reason)
  }
}

/** That the database is away, or broke a connection, is said once by itself, not by all who meet it. */
function unlessAway(what: string): (error: unknown) => void {
  return (error) => {
    if (!isAway(error)) onFault(what, error)
  }
}

function configOrLeave(): Config {
  const reading = readConfig(process.env)
  if (reading.outcome === 'read') {
    const reason = whyNotOpenToOthers(reading.config)
    return reason === undefined ? reading.config : giveUp(reason)
  }
  return giveUp(`The environment is not right:\n${reading.faults.map((fault) => `  ${fault}`).join('\n')}`)
}
