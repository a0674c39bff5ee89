/**
 * Where entries are kept: in this browser (IndexedDB), by ride. Rides belong to the account that recorded them: whoever else
 * signs in on the same phone neither sees nor sends them.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Entry } from './entries.ts'

export interface StoredRide {
  readonly rideId: string
  readonly riderId: string
  /** How many entries there are: whoever writes says how many he knows, and two tabs do not write over each other. */
  readonly length: number
  /** Of the first entry; rides are sent in this order. */
  readonly startedAt: number
  /** The server has all of it, and its entries are deleted. Milliseconds since 1970. */
  readonly sentAt?: number
}

export interface RecordingStore {
  ridesOf(riderId: string): Promise<readonly StoredRide[]>
  /** Whether something waits here that is another's. */
  hasRidesBeside(riderId: string | null): Promise<boolean>
  /** `length` is how many were written: fewer may be left (`replace`). */
  entriesOf(rideId: string): Promise<{ readonly entries: readonly Entry[]; readonly length: number }>
  /** Writes all or none. False: there are more entries than `ride.length`, for another tab has written. */
  append(ride: StoredRide, entries: readonly Entry[]): Promise<boolean>
  /** Puts one entry in the place of all that there are, on the same condition. */
  replace(ride: StoredRide, entry: Entry): Promise<boolean>
  /** Deletes the entries, and keeps that the ride was sent. */
  setSent(ride: StoredRide, sentAt: number): Promise<void>
  remove(rideId: string): Promise<void>
  close(): void
}

interface Schema extends DBSchema {
  rides: { key: string; value: StoredRide; indexes: { riderId: string } }
  entries: { key: [rideId: string, index: number]; value: Entry }
}

/** What was written is on the disk when it is said to be: a battery ends without a warning. */
const strictly = { durability: 'strict' } as const

/** Throws where the browser keeps nothing, as some do in private windows. */
export async function openRecordingStore(closed: () => void): Promise<RecordingStore> {
  const database = await openDB<Schema>('slipstream-recorder', 1, {
    upgrade(opened) {
      opened.createObjectStore('rides', { keyPath: 'rideId' }).createIndex('riderId', 'riderId')
      opened.createObjectStore('entries')
    },
    blocking: () => database.close(),
    terminated: closed,
  })
  return storeIn(database)
}

function storeIn(database: IDBPDatabase<Schema>): RecordingStore {
  async function deleteEntries(rideId: string, ride: StoredRide | null): Promise<void> {
    const writing = database.transaction(['rides', 'entries'], 'readwrite', strictly)
    const rides = writing.objectStore('rides')
    await Promise.all([
      writing.objectStore('entries').delete(allOf(rideId)),
      ride === null ? rides.delete(rideId) : rides.put(ride),
      writing.done,
    ])
  }

  async function write(ride: StoredRide) {
    const writing = database.transaction(['rides', 'entries'], 'readwrite', strictly)
    const [rides, rows] = [writing.objectStore('rides'), writing.objectStore('entries')]
    const stored = await rides.get(ride.rideId)
    const isOld = (stored?.length ?? 0) !== ride.length || stored?.sentAt !== undefined
    return { writing, rides, rows, isOld }
  }

  return {
    async ridesOf(riderId) {
      const rides = await database.getAllFromIndex('rides', 'riderId', riderId)
      return rides.sort((a, b) => a.startedAt - b.startedAt)
    },
    async hasRidesBeside(riderId) {
      const rides = await database.getAll('rides')
      return rides.some((ride) => ride.riderId !== riderId && ride.sentAt === undefined)
    },
    async entriesOf(rideId) {
      const reading = database.transaction('entries')
      const [entries, keys] = await Promise.all([
        reading.store.getAll(allOf(rideId)),
        reading.store.getAllKeys(allOf(rideId)),
      ])
      return { entries, length: (keys.at(-1)?.[1] ?? -1) + 1 }
    },
    async append(ride, entries) {
      const { writing, rides, rows, isOld } = await write(ride)
      if (isOld) {
        await writing.done
        return false
      }
      await Promise.all([
        ...entries.map((entry, index) => rows.add(entry, [ride.rideId, ride.length + index])),
        rides.put({ ...ride, length: ride.length + entries.length }),
        writing.done,
      ])
      return true
    },
    async replace(ride, entry) {
      const { writing, rows, isOld } = await write(ride)
      if (!isOld) {
        await rows.delete(allOf(ride.rideId))
        await rows.put(entry, [ride.rideId, ride.length - 1])
      }
      await writing.done
      return !isOld
    },
    setSent: (ride, sentAt) => deleteEntries(ride.rideId, { ...ride, sentAt }),
    remove: (rideId) => deleteEntries(rideId, null),
    close: () => database.close(),
  }
}

function allOf(rideId: string): IDBKeyRange {
  return IDBKeyRange.bound([rideId, 0], [rideId, Number.MAX_SAFE_INTEGER])
}
