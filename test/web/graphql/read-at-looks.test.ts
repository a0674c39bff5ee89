import { expect, test } from 'vitest'
import { readAtLooks } from '../../../web/graphql/read-at-looks.ts'
import { rideRouteQuery } from '../../../web/live/documents.ts'
import { fakeServer } from '../fake-server.ts'

test('a look asks again, the answer to the last question counts, and after the end none', async () => {
  const { server, questions } = fakeServer()
  const told: unknown[] = []
  let look = () => {}
  let isOver = false
  const looks = (onLook: () => void) => {
    look = onLook
    return () => {
      isOver = true
    }
  }
  const end = readAtLooks(server, rideRouteQuery, { id: 'r', minVersion: null }, looks, (answer) =>
    told.push(answer.ok ? answer.data : answer.failure.kind),
  )
  look()
  const seen = { ride: { id: 'r', route: null } }
  await questions[1]?.answer(seen)
  await questions[0]?.answer({ ride: null })
  expect(told).toEqual([seen])
  look()
  end()
  await questions[2]?.fail('final')
  expect(told).toEqual([seen])
  expect(isOver).toBe(true)
})
