/**
 * Riders' privacy zones. A change counts from the moment it is committed: the rider's rides that were masked by older zones are
 * shown to nobody else until they are masked by these (`#projections/masker.ts`), and those that he rides now are at once.
 */
import { type ConnectionPool, type Queryable, sql, type Transaction } from '@databases/pg'
import { type MaskingMeans, maskRide } from '#projections/mask-ride.ts'
import { maskOfRider } from '#projections/masks.ts'
import { ridesInProgressOf } from '#projections/stale-masks.ts'
import type { Zone } from '#ride/mask.ts'
import { mostMaskVersions } from '#ride/masking/masked-fold.ts'
import type { Place } from '#ride/track/geodesy.ts'
import { middleOf, middleOfLarger } from './hiding-circle.ts'

export interface PrivacyZone extends Zone {
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface PrivacyZones {
  /** The oldest first. */
  of(riderId: string): Promise<PrivacyZone[]>
  /** `place` is kept nowhere. */
  add(riderId: string, zone: NewZone): Promise<ZoneOutcome>
  change(riderId: string, zone: ZoneChange): Promise<ZoneOutcome>
  remove(riderId: string, id: string): Promise<ZoneOutcome>
}

export interface NewZone {
  readonly id: string
  readonly name: string
  readonly place: Place
  /** Metres. */
  readonly radius: number
}

export interface ZoneChange {
  readonly id: string
  readonly name?: string | undefined
  readonly radius?: number | undefined
}

export type ZoneOutcome =
  | { readonly outcome: 'done'; readonly zone: PrivacyZone }
  | { readonly outcome: 'not there' | 'too many' | 'too often' | 'smaller' }

export interface PrivacyZonesOptions {
  readonly database: ConnectionPool
  readonly masking: MaskingMeans
}

export const mostZones = 10

export function openPrivacyZones({ database, masking }: PrivacyZonesOptions): PrivacyZones {
  const { random } = masking
  /** A rider's changes one after the other: his row is held meanwhile. */
  async function change(
    riderId: string,
    act: (transaction: Transaction) => Promise<Change>,
  ): Promise<ZoneOutcome> {
    const { outcome, masksAnew } = await database.tx(async (transaction) => {
      const [rider] = await transaction.query(
        sql`select mask_version from riders where rider_id = ${riderId} for no key update`,
      )
      const acted = await act(transaction)
      if (!acted.masksAnew) return acted
      if ((rider?.mask_version ?? mostMaskVersions) >= mostMaskVersions) throw new TooOften()
      await transaction.query(
        sql`update riders set mask_version = mask_version + 1 where rider_id = ${riderId}`,
      )
      await transaction.query(sql`select pg_notify('masks', '')`)
      return acted
    })
    if (masksAnew) await maskRidesInProgress(riderId)
    return outcome
  }

  /** What somebody watches now does not wait for the worker. */
  async function maskRidesInProgress(riderId: string): Promise<void> {
    const rides = await ridesInProgressOf(database, riderId)
    if (rides.length === 0) return
    const mask = await maskOfRider(database, riderId)
    // One by one, since each is read as a whole. One that cannot be masked now the worker masks, who says why: until then nobody
    // else finds it.
    for (const rideId of rides) {
      await maskRide(masking, rideId, { mask, isEndKnown: false }).catch(() => undefined)
    }
  }

  async function orTooOften(changing: Promise<ZoneOutcome>): Promise<ZoneOutcome> {
    try {
      return await changing
    } catch (error) {
      if (error instanceof TooOften) return { outcome: 'too often' }
      throw error
    }
  }

  return {
    of: (riderId) => zonesOf(database, riderId),
    add: (riderId, zone) =>
      orTooOften(change(riderId, (transaction) => add(transaction, riderId, zone, random))),
    change: (riderId, asked) =>
      orTooOften(change(riderId, (transaction) => alter(transaction, riderId, asked, random))),
    remove: (riderId, id) => orTooOften(change(riderId, (transaction) => remove(transaction, riderId, id))),
  }
}

class TooOften extends Error {}

interface Change {
  readonly outcome: ZoneOutcome
  /** What others are shown of the rider's rides is another than it was. */
  readonly masksAnew: boolean
}

function refused(outcome: Exclude<ZoneOutcome['outcome'], 'done'>): Change {
  return { outcome: { outcome }, masksAnew: false }
}

async function add(
  transaction: Transaction,
  riderId: string,
  { id, name, place, radius }: NewZone,
  random: () => number,
): Promise<Change> {
  const zones = await zonesOf(transaction, riderId)
  const circles: Zone[] = await transaction.query(sql`
    select latitude, longitude, radius from privacy_zones where rider_id = ${riderId} order by created_at, id`)
  const { latitude, longitude } = middleOf(place, radius, circles, random)
  const there = zones.find(
    (zone) =>
      zone.name === name &&
      zone.radius === radius &&
      zone.latitude === latitude &&
      zone.longitude === longitude,
  )
  // Sent again.
  if (there !== undefined) return { outcome: { outcome: 'done', zone: there }, masksAnew: false }
  if (zones.length >= mostZones) return refused('too many')
  const [zone] = await transaction.query(sql`
    insert into privacy_zones (id, rider_id, name, latitude, longitude, radius)
    values (${id}, ${riderId}, ${name}, ${latitude}, ${longitude}, ${radius}) returning ${columns}`)
  return { outcome: { outcome: 'done', zone }, masksAnew: true }
}

async function alter(
  transaction: Transaction,
  riderId: string,
  { id, name, radius }: ZoneChange,
  random: () => number,
): Promise<Change> {
  const zone = (await zonesOf(transaction, riderId)).find((one) => one.id === id)
  if (zone === undefined) return refused('not there')
  // The place that it hides is not known any more: of a smaller circle nobody could say whether it still does.
  if (radius !== undefined && radius < zone.radius) return refused('smaller')
  const isLarger = radius !== undefined && radius > zone.radius
  const middle = isLarger ? middleOfLarger(zone, radius, random) : zone
  const [changed] = await transaction.query(sql`
    update privacy_zones set name = ${name ?? zone.name}, radius = ${radius ?? zone.radius},
           latitude = ${middle.latitude}, longitude = ${middle.longitude}
     where id = ${id} returning ${columns}`)
  return { outcome: { outcome: 'done', zone: changed }, masksAnew: changed.radius !== zone.radius }
}

async function remove(transaction: Transaction, riderId: string, id: string): Promise<Change> {
  const [zone] = await transaction.query(sql`
    update privacy_zones set removed_at = now()
     where id = ${id} and rider_id = ${riderId} and removed_at is null returning ${columns}`)
  return zone === undefined ? refused('not there') : { outcome: { outcome: 'done', zone }, masksAnew: true }
}

const columns = sql`id, name, latitude, longitude, radius,
  (extract(epoch from created_at) * 1000)::float8 as "createdAt"`

async function zonesOf(database: Queryable, riderId: string): Promise<PrivacyZone[]> {
  return database.query(sql`
    select ${columns} from privacy_zones where rider_id = ${riderId} and removed_at is null order by created_at, id`)
}
