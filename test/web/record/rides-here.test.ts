/** The rides of one rider on this phone. */
import { describe, expect, it, vi } from 'vitest'
import { currentRide } from '../../../web/record/current-ride.ts'
import type { Entry } from '../../../web/record/entries.ts'
import { fold, type Recording } from '../../../web/record/recording.ts'
import type { RecordingStore, StoredRide } from '../../../web/record/recording-store.ts'
import { openRidesHere, type RidesHereMeans } from '../../../web/record/rides-here.ts'
import { eventually } from '../../support/eventually.ts'
import { ana, beginMs, started, storeOf } from './phone.ts'

const ended: Entry = { type: 'RideEnded', commandId: 'end', at: beginMs + 60_000 }
const going = recordingOf([started])
const over = recordingOf([started, ended])

describe('the ride that is recorded', () => {
  it('is the newest that goes on, also where a clock that was set back has it begin before another', () => {
    expect(currentRide([over, going, over])).toBe(going)
    expect(currentRide([going, over])).toBe(going)
  })

  it('is the newest where all are over, and none where there is none', () => {
    const newest = recordingOf([started, ended])
    expect(currentRide([over, newest])).toBe(newest)
    expect(currentRide([])).toBeNull()
  })
})

describe('rides on this phone', () => {
  it('wait, those of another account too, until nothing is left to be sent', async () => {
    const nothing = await openRidesHere(means([], { rides: [] }))
    expect(nothing.hasAny).toBe(false)
    const ofOthers = await openRidesHere(means([], { rides: [], hasOthers: true }))
    expect(ofOthers.hasAny).toBe(true)
    const own = await openRidesHere(means([started]))
    expect(own.hasAny).toBe(true)
    expect(own.current?.recording.status).toBe('ACTIVE')
  })

  it('say that the browser keeps nothing as long as it does not', async () => {
    const entries: Entry[] = [started]
    const changed = vi.fn()
    let isFull = true
    const asked = means(entries, { changed })
    const { append } = asked.store
    asked.store.append = async (...written) => {
      if (isFull) throw new DOMException('No room', 'QuotaExceededError')
      return append(...written)
    }
    const rides = await openRidesHere(asked)
    rides.write(() => [ended])
    await eventually('it to be said', () => rides.fault === 'full')
    expect(changed).toHaveBeenCalled()
    isFull = false
    rides.write(() => [ended])
    await eventually('it to be kept', () => rides.current?.recording.status === 'ENDED')
    expect(rides.fault).toBeNull()
  })

  it('are written in their order when what was closed is open again', async () => {
    const entries: Entry[] = [started]
    const asked = means(entries)
    const { append } = asked.store
    let isClosed = true
    asked.store.append = async (...written) => {
      if (isClosed) throw new DOMException('The connection is closing', 'InvalidStateError')
      return append(...written)
    }
    const rides = await openRidesHere(asked)
    const paused: Entry = { type: 'RidePaused', commandId: 'pause', at: beginMs + 1_000 }
    expect(await rides.write(() => [paused])).toBe(false)
    expect(rides.fault).toBe('closed')
    isClosed = false
    expect(await rides.write(() => [ended])).toBe(true)
    expect(entries).toEqual([started, paused, ended])
    expect(rides.fault).toBeNull()
  })

  it('are let go of when another tab has written', async () => {
    const entries: Entry[] = [started]
    const lost = vi.fn()
    const rides = await openRidesHere(means(entries, { lost }))
    entries.push(ended)
    rides.write(() => [ended])
    await eventually('it to be told', () => lost.mock.calls.length === 1)
    expect(rides.fault).toBeNull()
  })
})

function recordingOf(entries: readonly Entry[]): { readonly recording: Recording } {
  const recording = fold(entries)
  if (recording === null) throw new Error('No entries')
  return { recording }
}

interface Here extends Partial<Pick<RidesHereMeans, 'changed' | 'lost'>> {
  readonly rides?: readonly StoredRide[]
  readonly hasOthers?: boolean
}

function means(entries: Entry[], { rides, hasOthers = false, ...told }: Here = {}) {
  const store: RecordingStore = {
    ...storeOf(entries),
    ridesOf: async () => rides ?? [{ rideId: 'ride', riderId: ana, startedAt: beginMs, length: 1 }],
    hasRidesBeside: async () => hasOthers,
    setSent: async () => undefined,
    remove: async () => undefined,
    close: () => undefined,
  }
  const nothing = () => undefined
  return {
    ...{
      store,
      riderId: ana,
      whoIs: async () => ana,
      say: nothing,
      pause: () => new Promise<void>(() => {}),
    },
    ...{ newId: () => 'id', now: () => 0, random: () => 0, holds: nothing, hasEnd: nothing },
    ...{
      changed: nothing,
      lost: nothing,
      server: { mutate: () => Promise.reject(new Error('away')) },
      ...told,
    },
  }
}
