/**
 * Masks a ride anew, and has others count on from where they are: the version that they are told never goes down. How much it grows
 * by says nothing: what a new zone hides of what they were shown is as long as the way home, so it is drawn.
 */
import type { CommandOutcome, Commands } from '#log/commands.ts'
import type { Log } from '#log/log.ts'
import { readLastOf } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEventType, RideMasked } from '#ride/events.ts'
import type { Mask } from '#ride/mask.ts'
import { maskedVersion, stepMasked } from '#ride/masking/masked-fold.ts'
import { maskOf } from '#ride/masking/masked-track.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'
import { type Telling, toldUpToNow } from './told-to-others.ts'

export interface MaskingMeans {
  readonly log: Log
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
  /** From 0 up to 1, such as nobody can foresee. */
  readonly random: () => number
}

export type MaskOutcome = CommandOutcome<RideRefusal>['outcome']

/** While uploads come in between; the last one waits for nobody. */
const mostAttempts = 4

/**
 * Where it is masked by that version already, and its end as known, nothing happens. Throws where the ride holds what cannot be
 * read.
 */
export async function maskRide(
  { log, commands, now, random }: MaskingMeans,
  rideId: string,
  { mask, isEndKnown }: { readonly mask: Mask; readonly isEndKnown: boolean },
): Promise<MaskOutcome> {
  const purpose = `masked by ${mask.version}${isEndKnown ? ', its end known' : ''}`
  let telling: Telling | undefined
  for (let attempt = 1; ; attempt++) {
    const newest = await lastMaskOf(log, rideId)
    if (newest === 'gone') return 'gone'
    const last = newest?.mask
    const masked: RideMasked = { type: 'RideMasked', at: now(), mask, isEndKnown, status: 'ACTIVE' }
    const isReveal = last?.version === mask.version
    if (telling?.last.version !== last?.version) telling = undefined
    const read = last && !isReveal ? await toldUpToNow(log, rideId, last, mask, telling) : undefined
    if (read === 'gone') return 'gone'
    const isLastAttempt = attempt === mostAttempts
    if (read === 'masked meanwhile') {
      if (isLastAttempt) return 'conflict'
      telling = undefined
      continue
    }
    telling = read
    const base = isReveal ? last.base : telling && baseFor(telling, masked, random, isLastAttempt)
    const { outcome } = await commands.handle({
      streamId: rideId,
      eventId: derivedId(log, purpose, rideId),
      contentHash: '',
      command: { type: 'maskRide', mask: base === undefined ? mask : { ...mask, base }, isEndKnown },
      circumstances: { actor: 'system', now: now() },
      metadata: { actor: 'system' },
      // Of the last word on zones nothing is to be counted.
      ...(telling !== undefined && !isLastAttempt && { expectedVersion: telling.version }),
    })
    if (outcome !== 'conflict' || isLastAttempt) return outcome
  }
}

/** From which others' version is counted on behind what they were told. */
function baseFor(
  { before, after, comparison }: Telling,
  masked: RideMasked,
  random: () => number,
  isLastAttempt: boolean,
): number {
  const version = maskedVersion(before)
  if (isLastAttempt) return version + mostMeanwhile + drawn(random)
  // Nobody is told of zones that make no difference.
  const isSame = before.count === 0 || comparison.isSameWith(stepMasked(after, masked).shown)
  return isSame ? version - before.count : version + drawn(random)
}

/** More than others may be told of, or others' version grow by, while the last attempt is under way. */
const mostMeanwhile = 2 ** 18

const ofMasks: RideEventType[] = ['RideStarted', 'RideMasked']

/** By what it is masked, and whether others know its end. Gone: it is deleted. Undefined where it was not started. */
export async function lastMaskOf(
  log: Log,
  rideId: string,
): Promise<{ readonly mask: Mask; readonly isEndKnown: boolean } | 'gone' | undefined> {
  const last = await readLastOf(log, rideId, { types: ofMasks, upTo: 2 ** 31 - 1 })
  if (last === undefined) return undefined
  if (last.data === null) return 'gone'
  const event = decodeRideEvent(last)
  return { mask: maskOf([event]), isEndKnown: event.type === 'RideMasked' && event.isEndKnown }
}

/** From 64 up to 65,536, of each order of magnitude as often: of small steps and of large ones it could be either. */
function drawn(random: () => number): number {
  return Math.round(2 ** (6 + 10 * random()))
}
