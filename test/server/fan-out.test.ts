import { buildSchema, execute, GraphQLError, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { type Operation, openFanOut } from '#server/fan-out.ts'
import { Payload } from '#server/payload.ts'

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Item { version: Int text(upper: Boolean): String fails: Int later: Int }
  type Subscription { feed(id: ID, after: String, before: String): Item }`)

const document = parse(
  'subscription Feed($id: ID, $after: String) { feed(id: $id, after: $after) { version text } }',
)
const asked = (rest: Partial<Operation> = {}): Operation => ({
  schema,
  document,
  variableValues: { id: 'a' },
  context: () => ({}),
  ...rest,
})
const item = (version: number, text = `item ${version}`) => ({ feed: { version, text } })

function opened({ mostBytes }: { mostBytes?: number } = {}) {
  const executed: unknown[] = []
  const fanOut = openFanOut({
    masked: () => new GraphQLError('masked'),
    execute: (args) => {
      executed.push(args.rootValue)
      return execute(args)
    },
    ...(mostBytes !== undefined && { mostBytes }),
  })
  return { fanOut, executed }
}

/** What reaches the clients, message by message. */
function receiver() {
  const messages: string[] = []
  let message = ''
  return {
    messages,
    connection: {
      send(first: string | Buffer, rest?: Buffer) {
        message = String(first) + (rest === undefined ? '' : String(rest))
        messages.push(message)
      },
    },
  }
}

describe('an item is executed and serialised once', () => {
  test('for all who ask for the same, wherever they began', async () => {
    const { fanOut, executed } = opened()
    const audiences = [
      { id: 'a' },
      { id: 'a', after: 'x' },
      { after: 'y', id: 'a' },
      { id: 'a', unknown: 1 },
    ].map((variableValues) => fanOut.enter('ride', '', asked({ variableValues })))
    const payloads = audiences.map((audience) => audience.payloadOf(item(1), 1))
    expect(new Set(payloads).size).toBe(1)
    expect(executed).toHaveLength(1)
    // Also what is not the newest any more.
    audiences[0]?.payloadOf(item(2), 2)
    expect(audiences[1]?.payloadOf(item(1), 1)).toBe(payloads[0])
    expect(executed).toHaveLength(2)
  })

  test('and while it is being executed, too', async () => {
    const { fanOut, executed } = opened()
    const later = parse('subscription { feed { later } }')
    const audience = fanOut.enter('ride', '', asked({ document: later }))
    const slow = { feed: { later: () => Promise.resolve(7) } }
    const [one, other] = await Promise.all([audience.payloadOf(slow, 1), audience.payloadOf(slow, 1)])
    expect(one).toBe(other)
    expect(executed).toHaveLength(1)
  })

  test('in a context of its own', () => {
    const { fanOut } = opened()
    let contexts = 0
    const audience = fanOut.enter('ride', '', asked({ context: () => ({ number: contexts++ }) }))
    expect(contexts).toBe(0)
    audience.payloadOf(item(1), 1)
    audience.payloadOf(item(2), 2)
    expect(contexts).toBe(2)
  })
})

type Joining = readonly [topic: string, rights: string, operation: Operation]

describe('is not shared by', () => {
  const cursorElsewhere = parse('subscription ($a: String) { feed(after: $a, before: $a) { version } }')
  const twoOperations = parse('subscription A { feed { version } } subscription B { feed { text } }')
  test.each<[string, Joining, Joining]>([
    ['other topics', ['one', '', asked()], ['two', '', asked()]],
    ['other rights', ['ride', 'owner', asked()], ['ride', 'other', asked()]],
    [
      'other documents',
      ['ride', '', asked()],
      ['ride', '', asked({ document: parse('subscription { feed { text } }') })],
    ],
    ['other variables', ['ride', '', asked()], ['ride', '', asked({ variableValues: { id: 'b' } })]],
    [
      'null and nothing',
      ['ride', '', asked({ variableValues: { id: null } })],
      ['ride', '', asked({ variableValues: {} })],
    ],
    [
      'other operations of one document',
      ['ride', '', asked({ document: twoOperations, operationName: 'A' })],
      ['ride', '', asked({ document: twoOperations, operationName: 'B' })],
    ],
    [
      'other cursors that are used for something else as well',
      ['ride', '', asked({ document: cursorElsewhere, variableValues: { a: 'x' } })],
      ['ride', '', asked({ document: cursorElsewhere, variableValues: { a: 'y' } })],
    ],
  ])('%s', (_, one, other) => {
    const { fanOut, executed } = opened()
    for (const joining of [one, other]) fanOut.enter(...joining).payloadOf(item(1), 1)
    expect(executed).toHaveLength(2)
  })
})

test('what is kept is bounded, and made again where it had to go', () => {
  const { fanOut, executed } = opened({ mostBytes: 20_000 })
  const audience = fanOut.enter('ride', '', asked())
  const text = 'x'.repeat(1_000)
  for (let version = 1; version <= 100; version++) audience.payloadOf(item(version, text), version)
  expect(executed).toHaveLength(100)
  audience.payloadOf(item(99, text), 99)
  expect(executed).toHaveLength(100)
  audience.payloadOf(item(1, text), 1)
  expect(executed).toHaveLength(101)
})

test('an audience that all have left is begun anew', () => {
  const { fanOut, executed } = opened()
  const audiences = [fanOut.enter('ride', '', asked()), fanOut.enter('ride', '', asked())]
  audiences[0]?.payloadOf(item(1), 1)
  for (const audience of audiences) audience.leave()
  fanOut.enter('ride', '', asked()).payloadOf(item(1), 1)
  expect(executed).toHaveLength(2)
})

test('what failed is masked, and tried again once something else came', () => {
  const { fanOut, executed } = opened()
  const { connection, messages } = receiver()
  const audience = fanOut.enter('ride', '', asked({ document: parse('subscription { feed { fails } }') }))
  const failing = {
    feed: {
      fails() {
        throw new Error('a secret')
      },
    },
  }
  const payload = audience.payloadOf(failing, 1)
  if (payload instanceof Promise) throw new Error('It is there at once')
  payload.sendTo(connection, '1')
  expect(messages[0]).toContain('"feed":{"fails":null}')
  expect(messages[0]).toContain('"errors":[{"message":"masked"')
  expect(messages[0]).not.toContain('secret')
  audience.payloadOf(item(2), 2)
  audience.payloadOf(failing, 1)
  expect(executed).toHaveLength(3)
})

describe('a message', () => {
  const ids = [
    '1',
    '1',
    '2',
    'c1f0b7a2-77a5-4c5d-9b9c-6a5d7d3c4e11',
    '"quoted" \\ \n',
    'Ünïcödé 🚴',
    '',
    '\ud800',
  ]
  test.each([
    ['small', 'Ünïcödé 🚴 "text"'],
    ['large', '🚴'.repeat(10_000)],
  ])('has the id that it is sent to, of any length and characters, before a %s payload', (_, text) => {
    const payload = new Payload(JSON.stringify({ data: { text } }))
    const { connection, messages } = receiver()
    for (const id of ids) payload.sendTo(connection, id)
    expect(messages.map((message) => JSON.parse(message))).toEqual(
      ids.map((id) => ({ id, type: 'next', payload: { data: { text } } })),
    )
  })
})
