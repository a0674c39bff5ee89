/**
 * Masks a ride anew, and has others count on from where they are: the version that they are told never goes down. How much it grows
 * by says nothing: what a new zone hides of what they were shown is as long as the way home, so it is drawn.
 */
import { isDeepStrictEqual } from 'node:util'
import type { CommandOutcome, Commands } from '#log/commands.ts'
import type { Log } from '#log/log.ts'
import { readStream } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent, RideMasked } from '#ride/events.ts'
import type { Mask } from '#ride/mask.ts'
import { foldMasked, maskedVersion } from '#ride/masking/masked-fold.ts'
import { maskOf } from '#ride/masking/masked-track.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'

export interface MaskingMeans {
  readonly log: Log
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
  /** From 0 up to 1, such as nobody can foresee. */
  readonly random: () => number
}

export type MaskOutcome = CommandOutcome<RideRefusal>['outcome']

/** While uploads come in between. */
const mostAttempts = 3

/**
 * Where it is masked by that version already, and its end as known, nothing happens. `conflict`: it moved on each time. Throws
 * where the ride holds what cannot be read.
 */
export async function maskRide(
  { log, commands, now, random }: MaskingMeans,
  rideId: string,
  { mask, isEndKnown }: { readonly mask: Mask; readonly isEndKnown: boolean },
): Promise<MaskOutcome> {
  const purpose = `masked by ${mask.version}${isEndKnown ? ', its end known' : ''}`
  const events: RideEvent[] = []
  for (let attempt = 1; ; attempt++) {
    const behind = await readStream(log, rideId, { after: events.length, limit: allOfThem })
    if (behind.some(({ data }) => data === null)) return 'gone'
    for (const recorded of behind) events.push(decodeRideEvent(recorded))
    const base = baseFor(
      { type: 'RideMasked', at: now(), mask, isEndKnown, status: 'ACTIVE' },
      events,
      random,
    )
    const { outcome } = await commands.handle({
      streamId: rideId,
      eventId: derivedId(log, purpose, rideId),
      contentHash: '',
      command: { type: 'maskRide', mask: base === undefined ? mask : { ...mask, base }, isEndKnown },
      circumstances: { actor: 'system', now: now() },
      metadata: { actor: 'system' },
      expectedVersion: events.length,
    })
    if (outcome !== 'conflict' || attempt === mostAttempts) return outcome
  }
}

/** A limit above what any ride has. */
const allOfThem = 2 ** 31 - 1

/** From which others' version is counted on behind these events; undefined as it was where it had none. */
function baseFor(masked: RideMasked, events: readonly RideEvent[], random: () => number): number | undefined {
  const last = maskOf(events)
  const { mask } = masked
  if (last.version === mask.version) return last.base
  const before = foldMasked(events, last)
  const after = foldMasked([...events, masked], mask)
  if (before === undefined || after === undefined) return undefined
  const told = maskedVersion(before.fold)
  // Nobody is told of zones that make no difference.
  const isSame = before.shown.length === 0 || isDeepStrictEqual(before.shown, after.shown)
  return isSame ? told - before.fold.count : told + drawn(random)
}

/** From 64 up to 65,536, of each order of magnitude as often: of small steps and of large ones it could be either. */
function drawn(random: () => number): number {
  return Math.round(2 ** (6 + 10 * random()))
}
