/** What goes on in the background: rides are projected, called finished, masked, redacted and told of. */
import { nameOfStream } from '#api/stream-name.ts'
import { readTrace } from '#log/read.ts'
import { openAdministration } from '#projections/administration.ts'
import { createFinisher } from '#projections/finisher.ts'
import { createLeavers } from '#projections/leaving-riders.ts'
import { createMasker } from '#projections/masker.ts'
import { openMeasurer } from '#projections/measurer.ts'
import type { Projection } from '#projections/projection.ts'
import { createRedactor } from '#projections/redactor.ts'
import { rides } from '#projections/rides.ts'
import { routes } from '#projections/routes.ts'
import { endSilentRides } from '#projections/silent-rides.ts'
import { vacuumDeleted } from '#projections/vacuum-deleted.ts'
import { workerNews } from '#projections/worker-news.ts'
import { runWorkers } from '#projections/workers.ts'
import { say } from '#terminal.ts'
import { openDeliverer } from '#webhooks/deliverer.ts'
import { tellOfRides } from '#webhooks/teller.ts'
import { forgetWebhooks } from '#webhooks/webhooks.ts'
import { type Ground, unforeseen } from './ground.ts'

export type Projecting = ReturnType<typeof openProjections>

/** The projections, and who does what they leave to be done. Who only serves the API knows them, too: it looks after them. */
export function openProjections({
  config,
  opening: { rooms },
  work,
  write,
  url,
  log,
  commands,
  now,
  tracing,
  unlessAway,
}: Ground) {
  const finisher = createFinisher({
    database: work,
    log,
    commands,
    now,
    tracing,
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
  const administration = openAdministration({ database: write, projections, partitions: log.partitions })
  return { projections, administration, measurer, finisher, redactor }
}

/** Begins all of it. What is given back is told when there is something to send. */
export async function beginWork(
  ground: Ground,
  { projections, finisher, redactor }: Pick<Projecting, 'projections' | 'finisher' | 'redactor'>,
) {
  const {
    config,
    opening,
    onFault,
    unlessAway,
    work,
    url,
    log,
    listener,
    commands,
    serving,
    vault,
    now,
    clock,
    tracing,
    metrics,
  } = ground
  const { signal, rooms } = opening
  const unsent = unlessAway('Webhooks could not be sent')
  const deliverer = await openDeliverer({
    ...{ url, database: work, vault, now, onFault: unsent },
    allowPrivate: config.webhooksAllowPrivate,
    onAttempt: ({ failure, durationMs }) =>
      metrics.asking.webhookAttempt(failure ?? 'DELIVERED', durationMs / 1_000),
    traced: tracing && {
      tracing,
      traceOf: (rideId, version) => readTrace({ ...log, database: work }, rideId, { version }),
    },
  })
  rooms.defer(() => deliverer.close())
  const masker = createMasker({
    ...{ database: work, log, commands, now, random: unforeseen },
    onFault: unlessAway('Masking rides failed'),
  })
  rooms.defer(listener.on('masks', masker.wake))
  const leavers = createLeavers({
    ...{ database: work, log, commands, now, projections, partitions: log.partitions },
    forgetBeside: (riderId) => forgetWebhooks(work, riderId),
    vacuum: (signal) => vacuumDeleted({ database: work, url, projections, signal }),
    onFault: unlessAway('Forgetting riders who have left failed'),
    tell: onFault,
  })
  rooms.defer(listener.on('leaving', leavers.wake))
  const onWaiting = deliverer.wake
  const working = {
    'what webhooks are to tell': tellOfRides({
      ...{ database: work, log, listener, signal, onFault: unsent, onWaiting },
    }),
    'webhooks that are being sent': deliverer.run(signal),
    'batches of projections': runWorkers({
      ...workerNews({
        database: work,
        now,
        tell: say,
        onFault,
        nameOf: (rideId) => nameOfStream(log, rideId),
        projecting: metrics.projecting,
        tracing,
      }),
      traced: tracing !== undefined,
      database: work,
      listener,
      projections,
      partitions: log.partitions,
      now,
      signal,
    }),
    'rides to be called finished': finisher.run(signal),
    'deleted rides to be redacted': redactor.run(signal),
    'rides to be masked': masker.run(signal),
    'riders to be forgotten': leavers.run(signal),
    'silent rides to be ended': endSilentRides({
      serving,
      log,
      commands,
      now: clock.earliest,
      signal,
      onFault: unlessAway('Ending silent rides failed'),
    }),
  }
  for (const each of Object.values(working)) each.catch(ground.broken)
  rooms.defer(() => ground.finished(working))
  return { wake: deliverer.wake }
}
