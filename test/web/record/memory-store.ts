/** What a phone keeps, for as long as a test runs: what each tab of its browser opens. */
import type { Entry } from '../../../web/record/entries.ts'
import type { RecordingStore, StoredRide } from '../../../web/record/recording-store.ts'

export function memoryStore() {
  const rides = new Map<string, StoredRide>()
  const entries = new Map<string, Entry[]>()

  function isOld({ rideId, length }: StoredRide): boolean {
    const stored = rides.get(rideId)
    return (stored?.length ?? 0) !== length || stored?.sentAt !== undefined
  }

  const store: RecordingStore = {
    ridesOf: async (riderId) => [...rides.values()].filter((ride) => ride.riderId === riderId),
    hasRidesBeside: async (riderId) =>
      [...rides.values()].some((ride) => ride.riderId !== riderId && ride.sentAt === undefined),
    async entriesOf(rideId) {
      const kept = entries.get(rideId) ?? []
      return { entries: [...kept], length: kept.length }
    },
    async append(ride, more) {
      if (isOld(ride)) return false
      entries.set(ride.rideId, [...(entries.get(ride.rideId) ?? []), ...more])
      rides.set(ride.rideId, { ...ride, length: ride.length + more.length })
      return true
    },
    replace: async () => false,
    async setSent(ride, sentAt) {
      entries.delete(ride.rideId)
      rides.set(ride.rideId, { ...ride, sentAt })
    },
    async remove(rideId) {
      entries.delete(rideId)
      rides.delete(rideId)
    },
    close: () => undefined,
  }
  return { store, entriesOf: (rideId: string): readonly Entry[] => entries.get(rideId) ?? [] }
}

/** What pages of one browser share. */
export function memoryStorage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}
