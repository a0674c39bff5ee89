/** The API: the tail of the log, feeds and the live map behind it, who may ask, and the roads on which it is asked. */
import { randomUUID } from 'node:crypto'
import { askOutdated, openAfresh } from '#api/afresh.ts'
import { concealed, conceals, mayWithdraw } from '#api/live-rides.ts'
import { createLoaders } from '#api/loaders.ts'
import { rideAtSameTime } from '#api/ride-at-same-time.ts'
import type { RideRow } from '#api/ride-row.ts'
import { type RideForAll, ridesById, ridesInProgress } from '#api/ride-rows.ts'
import { schema } from '#api/schema.ts'
import { onErrorTold } from '#api/told-errors.ts'
import { accountOf } from '#identity/account.ts'
import { openIdentity } from '#identity/identity.ts'
import { openFeeds } from '#live/feed.ts'
import { openLiveRides } from '#live/live-rides.ts'
import { openLogFeed } from '#live/log-feed.ts'
import { openTail } from '#live/tail.ts'
import { readHeaders, readNewestEvents } from '#log/newest.ts'
import { readWholeStream } from '#log/read.ts'
import { openArrivals } from '#projections/arrivals.ts'
import { forgetRidesInProgress } from '#projections/leaving-riders.ts'
import { openReaders } from '#recordings/read/readers.ts'
import { createReadRights } from '#rights/masking.ts'
import { openPrivacyZones } from '#rights/privacy-zones.ts'
import { shareOf } from '#rights/share-token.ts'
import { createShownRides } from '#rights/shown-rides.ts'
import { changesRights, openUnsettled, type Unsettled } from '#rights/unsettled.ts'
import { createAccountExport } from '#server/account-export.ts'
import { createAuth } from '#server/auth.ts'
import { clientAddresses } from '#server/client-address.ts'
import { createExports } from '#server/exports.ts'
import { createGraphQL, graphqlPath } from '#server/graphql.ts'
import { createIdentify } from '#server/identify.ts'
import { withCounting } from '#server/identify-counted.ts'
import { withShares } from '#server/identify-share.ts'
import { withRefusals } from '#server/identify-told.ts'
import { createImport } from '#server/import.ts'
import { openPolicy } from '#server/limits/policy.ts'
import { openPages } from '#server/pages.ts'
import { openReference } from '#server/reference/reference.ts'
import { listen } from '#server/server.ts'
import { openSockets } from '#server/sockets.ts'
import { welcome } from '#terminal.ts'
import { openWebhooks } from '#webhooks/webhooks.ts'
import { type Ground, unforeseen } from './ground.ts'
import type { Readiness, ReadyFor } from './readiness.ts'
import type { Projecting } from './work.ts'

export interface ApiMeans extends Pick<Projecting, 'administration' | 'measurer'> {
  readonly readiness: (what?: ReadyFor) => Promise<Readiness>
  /** Where webhooks are sent from this process. */
  readonly deliverer: { wake(): void } | undefined
}

export async function openApi(ground: Ground, means: ApiMeans): Promise<void> {
  const { administration, readiness, measurer, deliverer } = means
  const { config, opening, onFault, onRequest, unlessAway, broken, finished } = ground
  const { url, write, log, listener, serving, vault, now, tracing, metrics } = ground
  const { signal, front, rooms, openAnew } = opening
  const allowPrivate = config.webhooksAllowPrivate
  const tail = await openTail({
    log,
    listener,
    signal,
    onHole: ({ partition, position }) =>
      onFault(`The log has a hole at position ${position} of partition ${partition}`),
    onFault: unlessAway('The log could not be read on'),
    onRewound: () => openAnew('The log was set back to an earlier point while it was read'),
    traced: tracing !== undefined,
  })
  const readRights = createReadRights(log)
  const unsettled = await openUnsettled({
    ...{ log, serving, listener, readRights },
    onFault: unlessAway('Which rides are read as they were could not be looked up'),
  })
  rooms.defer(() => unsettled.close())
  tail.onEvent(unsettled.hear)
  const commands = heeding(ground.commands, unsettled)
  tail.onEvent(({ streamId, version }) => commands.seen(streamId, version))
  const isReplicaRead = config.databaseReadUrl !== undefined
  const afresh = openAfresh({
    unsettled,
    outdated: isReplicaRead ? askOutdated(log.database, log.partitionOf) : undefined,
  })
  const feeds = openFeeds(log, tail)
  metrics.live.watchRides(feeds.watched)
  const liveRides = openLiveRides<RideForAll, RideRow>(tail, {
    all: async () => afresh.forAll(await ridesInProgress(serving.read())),
    some: async (ids) => afresh.forAll(await ridesById(serving.read(), log.partitionOf, ids)),
    isInProgress: ({ status }) => status === 'ACTIVE' || status === 'PAUSED',
    conceals,
    concealsLater: (event) =>
      mayWithdraw(event)
        ? readRights(event.streamId).then((rights) => rights?.visibility !== 'PUBLIC')
        : undefined,
    concealed,
    onFault: unlessAway('The live map could not be brought up to date'),
  })
  const logFeed = openLogFeed(tail, {
    newest: async (limit, types) => (await readNewestEvents(log, { limit, types })).items,
    described: (events) => readHeaders(log, events),
    onFault: unlessAway('The newest events could not be read'),
  })
  rooms.defer(() => {
    logFeed.close()
    liveRides.close()
    feeds.close()
  })
  const tailing = tail.run()
  tailing.catch(broken)
  rooms.defer(() => finished({ 'reading the log': tailing }))
  const arrivals = openArrivals({ serving, listener })
  rooms.defer(() => arrivals.close())

  const identity = await openIdentity({
    ...{ database: write, url, listener, now, onFault },
    origin: `http://127.0.0.1:${config.port}`,
    signIn: config.signIn,
    onLeft: (riderId) =>
      void forgetRidesInProgress({ database: write, log, commands, now }, riderId).catch(
        unlessAway('Rides in progress of a rider who has left are deleted by the worker'),
      ),
  })
  rooms.defer(() => identity.close())
  const { accounts } = identity
  const publicUrl = config.signIn?.publicUrl
  const addressOf = clientAddresses(config.trustedProxies)
  const policy = openPolicy({ limits: config.limits, publicUrl, onRefusal: metrics.asking.refusal })
  rooms.defer(() => policy.deadline.close())
  onErrorTold(policy.onRefusal)
  const identified = withShares(createIdentify(identity), (token) => shareOf(log, token))
  const identify = withRefusals(withCounting(identified, policy.rates), policy.onRefusal)
  const webhooks = openWebhooks({
    ...{ database: write, vault, allowPrivate },
    onWaiting: () => deliverer?.wake(),
  })
  const privacyZones = openPrivacyZones({
    database: write,
    masking: { log, commands, now, random: unforeseen },
  })
  const graphql = createGraphQL(
    {
      ...{
        log,
        commands,
        serving,
        arrivals,
        feeds,
        liveRides,
        logFeed,
        administration,
        now,
        newId: randomUUID,
      },
      readRights,
      shownRides: createShownRides(log),
      privacyZones,
      publicUrl,
      keys: identity.keys,
      webhooks,
      excludedPositions: (rideId) => measurer.excluded(() => readWholeStream(log.database, log, rideId)),
      afresh,
    },
    onFault,
    policy,
    { tracing, asking: metrics.asking, live: metrics.live },
  )
  const readers = openReaders({ now })
  rooms.defer(() => readers.close())
  const { mapboxAccessToken } = config
  // For the terminal. Once it listens, nothing is asked any more that may fail.
  const isSignUpOpen = (await accounts?.isSignUpOpen()) ?? false
  const pages = openPages({ withMapbox: mapboxAccessToken !== undefined })
  const listening = await listen(
    { ...config, publicUrl },
    {
      ...ground.watching,
      api: {
        graphql,
        pages,
        reference: openReference({ schema, graphqlPath, introspection: config.limits.introspection }),
        importFile: createImport({
          ...{ readers, log, commands, now, tracing, rates: policy.rates, onRefusal: policy.onRefusal },
          rideAtSameTime: (riderId, time) => rideAtSameTime(serving.read(), riderId, time),
        }),
        exports: createExports(
          (viewer) => createLoaders({ read: serving.read(), log, viewer, afresh, now }),
          policy.onRefusal,
        ),
        accountExport: createAccountExport({
          ...{ log, now, rates: policy.rates, onRefusal: policy.onRefusal },
          read: serving.read,
          ownedBy: async (riderId) => {
            const details = await accountOf(write, riderId)
            if (details === undefined) return undefined
            const [zones, apiKeys, hooks] = await Promise.all([
              privacyZones.of(riderId),
              identity.keys.of(riderId),
              webhooks.of(riderId),
            ])
            return { ...details, riderId, privacyZones: zones, apiKeys, webhooks: hooks }
          },
        }),
        identify,
        answerAuth: createAuth(accounts, { publicUrl, addressOf, onRefusal: policy.onRefusal }),
        signIn: async () =>
          accounts === undefined
            ? null
            : { signUp: await accounts.isSignUpOpen(), provider: config.signIn?.oidc !== undefined },
        mapboxAccessToken,
      },
      addressOf,
      readiness,
      isLeaving: opening.isLeaving,
      onFault,
      onRequest,
    },
  )
  const sockets = openSockets(listening, graphql, identify, addressOf)
  metrics.live.watchSockets(sockets.now)
  metrics.live.watchFanOut(sockets.fanOut)
  front.defer(async () => {
    await Promise.all([
      opening.during('requests under way', listening.close()),
      opening.during('telling WebSockets to go', sockets.close()),
    ])
  })
  welcome(config, listening.port, { isSignUpOpen })
}

/** Whoever is answered that a ride is withdrawn finds it so: that does not wait until the log is read on. */
function heeding(commands: Ground['commands'], unsettled: Unsettled): Ground['commands'] {
  return {
    ...commands,
    handle(request) {
      const handling = commands.handle(request)
      return changesRights(request.command) ? handling.then(heeded) : handling

      function heeded(outcome: Awaited<typeof handling>): typeof outcome {
        if (outcome.outcome === 'accepted') {
          unsettled.heed({ rideId: request.streamId, version: outcome.version })
        }
        return outcome
      }
    },
  }
}
