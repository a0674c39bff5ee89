import { expect, test } from 'vitest'
import { readEvent } from '../../../web/log/read-event.ts'
import { fakeServer } from '../fake-server.ts'

const never = new AbortController().signal

test('an event is asked for until there is an answer', async () => {
  const { server, questions, pauses } = fakeServer()
  const reading = readEvent(server, 'a stream', 2, never)
  await questions[0]?.fail('again')
  pauses[0]?.()
  await Promise.resolve()
  await questions[1]?.answer({ logStream: { event: { version: 2 } } })
  expect(await reading).toEqual({ status: 'there', event: { version: 2 } })
  expect(questions.map(({ variables }) => variables)).toEqual([
    { name: 'a stream', version: 2 },
    { name: 'a stream', version: 2 },
  ])
})

test('what is refused has failed, and is not to come for ever', async () => {
  const { server, questions } = fakeServer()
  const reading = readEvent(server, 'a stream', 2, never)
  await questions[0]?.fail('final')
  expect(await reading).toEqual({
    status: 'failed',
    failure: { kind: 'final', code: 'FORBIDDEN', message: 'No' },
  })
})

test.each([{ logStream: null }, { logStream: { event: null } }])(
  '%j is an event that is missing',
  async (data) => {
    const { server, questions } = fakeServer()
    const reading = readEvent(server, 'a stream', 2, never)
    await questions[0]?.answer(data)
    expect(await reading).toEqual({ status: 'missing' })
  },
)
