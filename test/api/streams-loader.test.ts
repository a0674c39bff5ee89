/** Streams of many rides in one request. */
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createStreamsLoader, mostSamplesOpened } from '#api/streams-loader.ts'
import type { Track } from '#ride/track/segment.ts'

/** Of so many samples of a heart, which costs least to make. */
function trackOf(samples: number): Track {
  const measured = Array.from({ length: samples }, (_, second) => ({ at: second * 1000, heartRate: 120 }))
  const endedAt = samples * 1000
  return {
    ...{ startedAt: 0, endedAt, excluded: [] },
    segments: [{ from: 0, to: endedAt, samples: measured, fixes: [] }],
  }
}

const outcomes = async (wanted: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(wanted)).map(({ status }) => status)

test('rides are opened one after the other, each answered before the next, and others get their turn between', async () => {
  const happened: string[] = []
  const loader = createStreamsLoader(async (rideId) => {
    happened.push(`read ${rideId}`)
    return trackOf(10)
  })
  const wanted = ['first', 'second', 'third'].map(async (rideId) => {
    await loader.load({ rideId, resolution: 2 })
    happened.push(`answered ${rideId}`)
    await turn()
    happened.push(`behind ${rideId}`)
  })
  await Promise.all(wanted)
  expect(happened).toEqual([
    ...['read first', 'answered first', 'behind first'],
    ...['read second', 'answered second', 'behind second'],
    ...['read third', 'answered third', 'behind third'],
  ])
})

test('what is asked of one ride at once is answered from one opening, and nothing is kept of it', async () => {
  let reads = 0
  const loader = createStreamsLoader(async () => {
    reads++
    return trackOf(100)
  })
  const asked = [undefined, 40, 2].map((resolution) => loader.load({ rideId: 'ride', resolution }))
  const lengths = (await Promise.all(asked)).map((streams) => streams?.time.length)
  expect(lengths).toEqual([100, 40, 2])
  expect(reads).toBe(1)
  await loader.load({ rideId: 'ride', resolution: 2 })
  expect(reads).toBe(2)
})

test('one request opens a bounded number of samples, and is told what to ask instead', async () => {
  const read: string[] = []
  const track = trackOf(mostSamplesOpened * 0.4)
  const loader = createStreamsLoader(async (rideId) => {
    read.push(rideId)
    return track
  })
  const wanted = ['1', '2', '3', '4', '5'].map((rideId) => loader.load({ rideId, resolution: undefined }))
  expect(await outcomes(wanted)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected'])
  await expect(wanted[2]).rejects.toMatchObject({
    message: expect.stringMatching(/1,000,000 samples.* fewer rides at a time/),
    extensions: { code: 'INVALID_INPUT' },
  })
  // Behind the first one that is too much none is read.
  expect(read).toEqual(['1', '2', '3'])
})

test('the same ride counts as often as it is asked for, under however many names', async () => {
  const track = trackOf(mostSamplesOpened * 0.3)
  const loader = createStreamsLoader(async () => track)
  const wanted = Array.from({ length: 5 }, () => loader.load({ rideId: 'ride', resolution: undefined }))
  expect(await outcomes(wanted)).toEqual([
    ...['fulfilled', 'fulfilled', 'fulfilled'],
    ...['rejected', 'rejected'],
  ])
})

test('a single ride is never too long', async () => {
  const track = trackOf(mostSamplesOpened + 1)
  const loader = createStreamsLoader(async () => track)
  const streams = await loader.load({ rideId: 'ride', resolution: undefined })
  expect(streams?.originalSize).toBe(mostSamplesOpened + 1)
})

test('a ride that cannot be read, or has no track, keeps no other from being answered', async () => {
  const loader = createStreamsLoader(async (rideId) => {
    if (rideId === 'broken') throw new Error('The database is away')
    return rideId === 'trackless' ? null : trackOf(10)
  })
  const wanted = ['broken', 'trackless', 'ride'].map((rideId) => loader.load({ rideId, resolution: 2 }))
  expect(await outcomes(wanted)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(await wanted[1]).toBeNull()
  expect((await wanted[2])?.time).toEqual([0, 9])
})
