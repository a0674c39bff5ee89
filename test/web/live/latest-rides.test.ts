import { expect, onTestFinished, test } from 'vitest'
import { createLatestRides } from '../../../web/live/latest-rides.ts'
import { fakeServer } from '../fake-server.ts'
import { beginMs, overRide } from './live-ride.ts'

const ended = (index: number) =>
  overRide(`ride ${index}`, 3, {
    status: 'ENDED',
    startedAt: new Date(beginMs - index * 60_000).toISOString(),
  })
const many = (count: number) => Array.from({ length: count }, (_, index) => ended(index))

async function opened() {
  const fake = fakeServer()
  let look = () => {}
  const rides = createLatestRides(fake.server, (onLook) => {
    look = onLook
    return () => {}
  })
  const close = rides.open()
  onTestFinished(close)
  await fake.questions[0]?.answer({ rides: { nodes: [] } })
  return { ...fake, ...rides, close, look: () => look(), later: () => new Promise(setImmediate) }
}

test('a thousand rides that end at once are one question, and only those that can be seen are followed', async () => {
  const { questions, left, latest, later, openFeeds, close, look } = await opened()
  for (const { id } of many(1_000)) left(id)
  await later()
  expect(questions.map(({ name }) => name)).toEqual(['OverRides', 'OverRides'])
  expect(questions[1]?.variables).toEqual({ first: 100 })
  await questions[1]?.answer({ rides: { nodes: many(100) } })
  expect(latest.get().ended).toHaveLength(100)
  expect(openFeeds()).toHaveLength(8)
  look()
  expect(questions).toHaveLength(3)
  // The first is hidden meanwhile, the second finished.
  const [, , ...others] = many(100)
  await questions[2]?.answer({ rides: { nodes: [overRide('ride 1', 4), ...others] } })
  expect(latest.get().ended.map(({ id }) => id)).not.toContain('ride 0')
  expect(openFeeds().map(({ variables }) => variables['rideId'])).not.toContain('ride 1')
  expect(openFeeds().length).toBeLessThanOrEqual(8)
  expect(questions).toHaveLength(3)
  close()
  expect(openFeeds()).toEqual([])
})

test('a ride that ends is read by itself, and again when it is finished', async () => {
  const { questions, left, latest, later, feeds } = await opened()
  left('ride 0')
  await later()
  expect(questions[1]).toMatchObject({ name: 'RideRow', variables: { id: 'ride 0' } })
  await questions[1]?.answer({ ride: ended(0) })
  feeds[0]?.tell({ rideFeed: { cursor: 'c', version: 4, type: 'FINISHED', status: 'FINISHED' } })
  expect(questions[2]?.variables).toEqual({ id: 'ride 0', minVersion: 4 })
  await questions[2]?.answer({ ride: overRide('ride 0', 4) })
  expect(latest.get().ended[0]?.status).toBe('FINISHED')
})

test('of two looks the answer to the later one counts, though the earlier comes last', async () => {
  const { questions, latest, look } = await opened()
  look()
  look()
  await questions[2]?.answer({ rides: { nodes: [] } })
  await questions[1]?.answer({ rides: { nodes: [overRide('hidden since', 3)] } })
  expect(latest.get().newest).toEqual([])
})
