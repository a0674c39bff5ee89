/** Which rides of a list: what is asked for, checked. */
import type { RideStatus } from '#ride/events.ts'
import { type BoundingBox, BoundingBoxInput, checkBox } from './bounding-box.ts'
import { builder } from './builder.ts'
import { dayOf } from './day.ts'
import { RideStatusEnum } from './enums.ts'
import { asGraphQLError } from './errors.ts'
import { isUuid } from './uuid.ts'
import { type SearchedWords, wordsOf } from './words.ts'

/** Undefined is what is not asked for. */
export interface RideFilter {
  readonly riderId: string | undefined
  readonly status: readonly RideStatus[] | undefined
  /** Inclusive. */
  readonly startedAfter: Date | undefined
  /** Exclusive. */
  readonly startedBefore: Date | undefined
  /** YYYY-MM-DD where the ride began, inclusive both. */
  readonly firstDay: string | undefined
  readonly lastDay: string | undefined
  /** Metres, inclusive both. */
  readonly minDistance: number | undefined
  readonly maxDistance: number | undefined
  readonly within: BoundingBox | undefined
  readonly near: NearPlace | undefined
  readonly words: SearchedWords | undefined
}

export interface NearPlace {
  /** Degrees. */
  readonly latitude: number
  readonly longitude: number
  /** Metres. */
  readonly radius: number
}

/** Metres. What lies further off is no neighbourhood any more, but a box. */
const longestRadius = 100_000
/** Metres, less than round the earth: PostgreSQL's numbers go no further than a double. */
const longestDistance = 1e9

const NearInput = builder.inputType('NearInput', {
  description: 'A circle on the map.',
  fields: (t) => ({
    latitude: t.field({ type: 'Latitude', required: true, description: 'Degrees north, of its middle.' }),
    longitude: t.field({ type: 'Longitude', required: true, description: 'Degrees east, of its middle.' }),
    radius: t.float({ required: true, description: 'Metres from its middle, 0 to 100,000.' }),
  }),
})

export const RideFilterInput = builder.inputType('RideFilter', {
  description:
    'All that is asked for has to be so, of what the viewer may see: places, distances and times are those that the viewer is shown.',
  fields: (t) => ({
    riderId: t.id({ description: 'Of this rider, as `Rider.id` has it.' }),
    status: t.field({ type: [RideStatusEnum], description: 'In one of these.' }),
    startedAfter: t.field({ type: 'DateTime', description: 'Began at this instant or after it.' }),
    startedBefore: t.field({ type: 'DateTime', description: 'Began before this instant.' }),
    firstDay: t.string({
      description: 'YYYY-MM-DD: began on that day or later, by the clock where it began, as totals have it.',
    }),
    lastDay: t.string({ description: 'YYYY-MM-DD: began on that day or earlier, by the same clock.' }),
    minDistance: t.float({ description: 'Metres ridden; this or more.' }),
    maxDistance: t.float({ description: 'Metres ridden; this or less.' }),
    within: t.field({ type: BoundingBoxInput, description: 'The route crosses this box.' }),
    near: t.field({ type: NearInput, description: 'The route passes within `radius` metres of this point.' }),
    text: t.string({
      description:
        'Words of the title and the description, by prefix; quotes make a phrase, and a minus before it says that it is not there. Capitals and accents make no difference.',
    }),
  }),
})

/** Undefined where nothing is asked for. Throws what is wrong, in a sentence. */
export function checkedFilter(
  input: typeof RideFilterInput.$inferInput | null | undefined,
): RideFilter | undefined {
  if (input == null) return undefined
  const { riderId, status, startedAfter, startedBefore, minDistance, maxDistance, within, near, text } = input
  const [firstDay, lastDay] = [dayOf(input.firstDay, 'firstDay'), dayOf(input.lastDay, 'lastDay')]
  if (within != null) checkBox(within)
  if (near != null) checkNear(near)
  for (const metres of [minDistance, maxDistance]) if (metres != null) checkDistance(metres)
  if (minDistance != null && maxDistance != null && minDistance > maxDistance)
    throw refusal("'minDistance' is more than 'maxDistance'. Swap them.")
  if (riderId != null && !isUuid(riderId.toLowerCase()))
    throw refusal("'riderId' is the UUID of a rider. Send it as `Rider.id` has it.")
  const filter = {
    riderId: riderId?.toLowerCase(),
    status: status ?? undefined,
    startedAfter: latest(startedAfter, firstDay && beginOf(firstDay)),
    startedBefore: earliest(startedBefore, lastDay && endOf(lastDay)),
    firstDay,
    lastDay,
    minDistance: minDistance ?? undefined,
    maxDistance: maxDistance ?? undefined,
    within: within ?? undefined,
    near: near ?? undefined,
    words: text == null ? undefined : wordsOf(text),
  }
  return Object.values(filter).every((each) => each === undefined) ? undefined : filter
}

/** Hours by which clocks are ahead of UTC, and behind it, where most. */
const mostAhead = 14
const mostBehind = 12
const hourMs = 3_600_000

/** Before it that day has come nowhere: so that an index of instants finds it. */
function beginOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - mostAhead * hourMs)
}

/** From then on it is over everywhere. */
function endOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + (24 + mostBehind) * hourMs)
}

type Instant = Date | number | string | null | undefined

function latest(...instants: readonly Instant[]): Date | undefined {
  const times = timesOf(instants)
  return times.length === 0 ? undefined : new Date(Math.max(...times))
}

function earliest(...instants: readonly Instant[]): Date | undefined {
  const times = timesOf(instants)
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

function timesOf(instants: readonly Instant[]): number[] {
  return instants.flatMap((instant) =>
    instant == null || instant === '' ? [] : [new Date(instant).getTime()],
  )
}

function checkNear({ latitude, longitude, radius }: NearPlace): void {
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    throw refusal("'near' is a place: latitude -90 to 90, longitude -180 to 180. Send degrees.")
  if (!(radius >= 0 && radius <= longestRadius))
    throw refusal("'radius' is 0 to 100,000 metres. Send less, or ask for a box with 'within'.")
}

function checkDistance(metres: number): void {
  if (metres >= 0 && metres <= longestDistance) return
  throw refusal("'minDistance' and 'maxDistance' are metres, 0 to 1,000,000,000. Send such a number.")
}

function refusal(message: string) {
  return asGraphQLError('INVALID_INPUT', message)
}
