/**
 * A recording becomes a ride by the same commands that a live client sends. All ids are derived from the rider and what the
 * file holds, so that a file that is sent again, or at the same time, or after a crash, adds what is missing and no more.
 */
import type { Accepted } from '#api/perform-command.ts'
import type { SameTime } from '#api/ride-at-same-time.ts'
import type { CommandOutcome, Commands } from '#log/commands.ts'
import type { Log } from '#log/log.ts'
import { readState } from '#log/read.ts'
import { derivedId } from '#projections/derived-id.ts'
import { maskOfRider } from '#projections/masks.ts'
import { commandOf } from '#recordings/command-of.ts'
import type { Step } from '#recordings/plan.ts'
import type { ReadFile } from '#recordings/read/readers.ts'
import type { RideStatus } from '#ride/events.ts'
import type { Mask } from '#ride/mask.ts'
import { mostMaskVersions } from '#ride/masking/masked-fold.ts'
import type { Circumstances, RideCommand, RideRefusal, RideState } from '#ride/ride.ts'

export interface ImportMeans {
  readonly log: Log
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  /** Whose ride it becomes. */
  readonly riderId: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly traceparent: string | undefined
  /** Another ride of the rider at the time of the file, where one is not to be recorded unasked. */
  readonly rideAtSameTime?: ((time: SameTime) => Promise<string | undefined>) | undefined
}

export type ImportOutcome =
  | (Accepted & {
      readonly outcome: 'imported'
      readonly status: RideStatus
      /** It was imported before, completely. */
      readonly wasThere: boolean
    })
  /** What was recorded so far stays; sent again, the rest follows. */
  | { readonly outcome: 'overloaded' }
  /** The rider deleted the ride while it was imported. */
  | { readonly outcome: 'deleted' }
  | { readonly outcome: 'refused'; readonly message: string }
  /** There is this one, and nothing was recorded. */
  | { readonly outcome: 'at same time'; readonly rideId: string }

/** Who deleted the same ride so often and imports it still is no rider. */
const mostDeletions = 100

export async function importRide(file: ReadFile, means: ImportMeans): Promise<ImportOutcome> {
  const { log, riderId } = means
  const fragments: string[] = []
  for (let deletions = 0; deletions < mostDeletions; deletions++) {
    const rideId = importedRideId(log, riderId, file.sha256, deletions)
    const { actual, known, isGone } = await readState(log, rideId, endIdOf(rideId, log))
    if (isGone) continue
    const state = actual.state as RideState | null
    let outcome: ImportOutcome | 'fragment'
    if (
      known !== undefined &&
      state !== null &&
      state.status !== 'NOT_STARTED' &&
      state.status !== 'DELETED'
    ) {
      const { version, position } = known
      outcome = { outcome: 'imported', rideId, version, position, status: state.status, wasThere: true }
    } else {
      const { startedAt, endedAt } = file
      const other = await means.rideAtSameTime?.({ startedAt, endedAt, except: [...fragments, rideId] })
      if (other !== undefined) return { outcome: 'at same time', rideId: other }
      outcome = await record(rideId, file, means)
    }
    if (outcome !== 'fragment') {
      if (outcome.outcome === 'imported') for (const id of fragments) await remove(id, means)
      return outcome
    }
    fragments.push(rideId)
  }
  return { outcome: 'refused', message: `This recording was imported and deleted ${mostDeletions} times.` }
}

/** The ride that a file is for its rider, when so many before it were deleted or given up. */
export function importedRideId(
  log: Pick<Log, 'hash'>,
  riderId: string,
  sha256: string,
  deletions: number,
): string {
  return derivedId(log, `import ${deletions} of ${riderId}`, sha256)
}

/**
 * `fragment`: an earlier import that was not complete was ended meanwhile (by its rider, or because nothing came for twelve
 * hours), or recorded by a version that read the file otherwise. It cannot be completed any more.
 */
async function record(
  rideId: string,
  file: ReadFile,
  means: ImportMeans,
): Promise<ImportOutcome | 'fragment'> {
  const mask = await maskOfRider(means.log.database, means.riderId)
  // He has left, which this process has not been told yet.
  if (mask.version > mostMaskVersions) return { outcome: 'overloaded' }
  let index = 0
  let last: Accepted | undefined
  for (let piece = 0; piece < file.pieces; piece++) {
    const steps = file.piece(piece)
    if (steps === undefined) return { outcome: 'overloaded' }
    // Sent at once, they are chained and go into one commit. The next piece waits: what is on its way stays small.
    const outcomes = await Promise.all(
      steps.map((step) => perform(rideId, step, index++, file, { ...means, mask })),
    )
    for (const outcome of outcomes) {
      const failure = failureOf(outcome)
      if (failure !== undefined) return failure
      if (outcome.outcome === 'accepted') last = { ...outcome, rideId }
    }
  }
  if (last === undefined) throw new Error('A plan without a step')
  return { ...last, outcome: 'imported', status: 'ENDED', wasThere: false }
}

function failureOf(outcome: CommandOutcome<RideRefusal>): ImportOutcome | 'fragment' | undefined {
  switch (outcome.outcome) {
    case 'accepted':
      return undefined
    case 'overloaded':
      return { outcome: 'overloaded' }
    case 'gone':
      return { outcome: 'deleted' }
    case 'id taken':
    case 'conflict':
      return 'fragment'
    case 'refused': {
      const { refusal } = outcome
      // What the reader let through and the ride does not take; the file is the same when it is sent again.
      return refusal.code === 'INVALID_INPUT' ? { outcome: 'refused', message: refusal.message } : 'fragment'
    }
    default:
      return outcome satisfies never
  }
}

interface MaskedMeans extends ImportMeans {
  /** The rider's privacy zones. They are none of what the file holds: sent again it is the same. */
  readonly mask: Mask
}

function perform(rideId: string, step: Step, index: number, file: ReadFile, means: MaskedMeans) {
  const { log, mask } = means
  const command = commandOf(step, file.title)
  if (command.type === 'startRide') {
    return send(rideId, rideId, command, means, mask.version === 0 ? command : { ...command, mask })
  }
  const eventId =
    step.kind === 'end' ? endIdOf(rideId, log) : derivedId(log, `step ${index} of import`, rideId)
  return send(rideId, eventId, command, means)
}

async function remove(rideId: string, means: ImportMeans): Promise<void> {
  const eventId = derivedId(means.log, 'replaced by a whole import', rideId)
  await send(rideId, eventId, { type: 'deleteRide', at: null }, means)
}

function send(
  rideId: string,
  eventId: string,
  asked: RideCommand,
  means: ImportMeans,
  command: RideCommand = asked,
) {
  const { commands, log, riderId, now, traceparent } = means
  const content = JSON.stringify([riderId, asked])
  return commands.handle({
    streamId: rideId,
    eventId,
    contentHash: log.hash(content),
    bytes: content.length,
    command,
    circumstances: { actor: { riderId }, now: now() },
    metadata: { actor: riderId, traceparent },
  })
}

/** Not by its index: a version that reads the file otherwise shall know that it was imported, too. */
function endIdOf(rideId: string, log: Log): string {
  return derivedId(log, 'end of import', rideId)
}
