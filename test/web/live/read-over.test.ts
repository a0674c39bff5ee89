import { expect, test } from 'vitest'
import { readOver } from '../../../web/live/read-over.ts'
import { fakeServer } from '../fake-server.ts'
import { overRide } from './live-ride.ts'

test('a ride that is over is read again with each look, and the last answer counts', async () => {
  const { server, questions } = fakeServer()
  const told: (string | null)[] = []
  let look = () => {}
  const looks = (onLook: () => void) => {
    look = onLook
    return () => {
      look = () => {}
    }
  }
  const end = readOver(server, 'r', looks, (ride) => told.push(ride?.title ?? null))
  await questions[0]?.answer({ ride: overRide('r', 2, { title: 'Home' }) })
  look()
  look()
  await questions[2]?.answer({ ride: null })
  await questions[1]?.answer({ ride: overRide('r', 2, { title: 'Home' }) })
  expect(told).toEqual(['Home', null])
  end()
  look()
  expect(questions).toHaveLength(3)
})
