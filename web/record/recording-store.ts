/**
 * Where entries are kept: in this browser (IndexedDB), by ride. Rides belong to the account that recorded them: whoever else
 * signs in on the same phone neither sees nor sends them.
 */
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import type { Entry } from './entries.ts'
import { type KeptOpen, keptOpen } from './kept-open.ts'

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

type Rides = IDBPObjectStore<Schema, ('rides' | 'entries')[], 'rides', 'readwrite'>
type Rows = IDBPObjectStore<Schema, ('rides' | 'entries')[], 'entries', 'readwrite'>

/** What was written is on the disk when it is said to be: a battery ends without a warning. */
const strictly = { durability: 'strict' } as const

/** Throws where the browser keeps nothing, as some do in private windows. */
export async function openRecordingStore(): Promise<RecordingStore> {
  return storeIn(await keptOpen(open))
}

async function open(closed: () => void): Promise<IDBPDatabase<Schema>> {
  const database = await openDB<Schema>('slipstream-recorder', 1, {
    upgrade(opened) {
      opened.createObjectStore('rides', { keyPath: 'rideId' }).createIndex('riderId', 'riderId')
      opened.createObjectStore('entries')
    },
    blocking() {
      database.close()
      closed()
    },
    terminated: closed,
  })
  return database
}

function storeIn({ use, close }: KeptOpen<IDBPDatabase<Schema>>): RecordingStore {
  function deleteEntries(rideId: string, ride: StoredRide | null): Promise<void> {
    return use(async (database) => {
      const writing = database.transaction(['rides', 'entries'], 'readwrite', strictly)
      const rides = writing.objectStore('rides')
      await Promise.all([
        writing.objectStore('entries').delete(allOf(rideId)),
        ride === null ? rides.delete(rideId) : rides.put(ride),
        writing.done,
      ])
    })
  }

  /** @returns false: another tab has written. */
  function write(
    ride: StoredRide,
    change: (rides: Rides, rows: Rows) => readonly Promise<unknown>[],
  ): Promise<boolean> {
    return use(async (database) => {
      const writing = database.transaction(['rides', 'entries'], 'readwrite', strictly)
      const [rides, rows] = [writing.objectStore('rides'), writing.objectStore('entries')]
      const stored = await rides.get(ride.rideId)
      const isOld = (stored?.length ?? 0) !== ride.length || stored?.sentAt !== undefined
      // Why it came to nothing is what the transaction says: what it was made of says only that it was.
      await Promise.allSettled([...(isOld ? [] : change(rides, rows)), writing.done])
      await writing.done
      return !isOld
    })
  }

  return {
    async ridesOf(riderId) {
      const rides = await use((database) => database.getAllFromIndex('rides', 'riderId', riderId))
      return rides.sort((a, b) => a.startedAt - b.startedAt)
    },
    async hasRidesBeside(riderId) {
      const rides = await use((database) => database.getAll('rides'))
      return rides.some((ride) => ride.riderId !== riderId && ride.sentAt === undefined)
    },
    async entriesOf(rideId) {
      const [entries, keys] = await use((database) => {
        const { store } = database.transaction('entries')
        return Promise.all([store.getAll(allOf(rideId)), store.getAllKeys(allOf(rideId))])
      })
      return { entries, length: (keys.at(-1)?.[1] ?? -1) + 1 }
    },
    append: (ride, entries) =>
      write(ride, (rides, rows) => [
        ...entries.map((entry, index) => rows.add(entry, [ride.rideId, ride.length + index])),
        rides.put({ ...ride, length: ride.length + entries.length }),
      ]),
    replace: (ride, entry) =>
      write(ride, (_, rows) => [
        rows.delete(allOf(ride.rideId)),
        rows.put(entry, [ride.rideId, ride.length - 1]),
      ]),
    setSent: (ride, sentAt) => deleteEntries(ride.rideId, { ...ride, sentAt }),
    remove: (rideId) => deleteEntries(rideId, null),
    close,
  }
}

function allOf(rideId: string): IDBKeyRange {
  return IDBKeyRange.bound([rideId, 0], [rideId, Number.MAX_SAFE_INTEGER])
}
