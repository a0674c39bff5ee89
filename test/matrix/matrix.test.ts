/**
 * The matrix: who × which ride × over which road, of every field that the schema has. `rules.ts` says what it has to be; what is
 * asked is read off the schema.
 */
import { type GraphQLField, type GraphQLObjectType, getNamedType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { quantile } from '../bench/quantile.ts'
import { validOf } from '../hostile/places.ts'
import { ask, roadNames, type Sent } from '../hostile/roads.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { given, over, type Reply } from './asked.ts'
import { type Answered, answeredIn, everythingOf, isErrorToOthers } from './everything.ts'
import { fieldsWith, type Rule, ruleOf } from './rules.ts'
import {
  isListed,
  isShown,
  type MatrixRide,
  openStage,
  readsAndWrites,
  rideNames,
  type Stage,
  type Viewer,
  viewerNames,
} from './stage.ts'

let database: FreshDatabase
let stage: Stage
beforeAll(async () => {
  database = await freshDatabase()
  stage = await openStage(database.url)
}, 120_000)
afterAll(async () => {
  for (const { roads } of stage?.viewers ?? []) await roads[Symbol.asyncDispose]()
  await stage?.product[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const fieldsOfRide = Object.values((schema.getType('Ride') as GraphQLObjectType).getFields())
const byId = `query ($id: ID!) { ride(id: $id) ${everythingOf(schema.getType('Ride') as never)} }`
/** Of each, in turn: the median of so many lies within a tenth or two of another such, on a machine that others use too. */
const mostAsked = 100
/** Both are a look-up or two, of a row that is there or is not. A wait, or a query more, would be twice as long. */
const tellingFactor = 1.6
const nowhere = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'

const rideCalled = (name: string) => stage.rides.find((ride) => ride.name === name)!

/** Nothing of the rides that are not shown, wherever it may stand. */
function expectNothingOf(rides: readonly MatrixRide[], text: string, told: string): void {
  for (const { name, marks } of rides) {
    for (const mark of marks) expect(text.includes(mark) ? `${told} shows ${mark} of ${name}` : '').toBe('')
  }
}

/** Nor its id, with which whoever has it may see it where it is unlisted; nor its places as the log has them. */
function expectNothingLoggedOf(ride: MatrixRide, text: string): void {
  expectNothingOf([ride], text, 'the log')
  const [title, description, south] = ride.marks
  expectNothingOf(
    [{ ...ride, marks: [title!, description!, south!.replace('.', ''), ride.id] }],
    text,
    'the log',
  )
}

/** Of somebody who brings what is no good nothing else is told, over any road. */
function isRefusal({ status, text }: Reply): boolean {
  return (status === 401 && text.includes('UNAUTHENTICATED')) || status === 4403
}

describe.each(viewerNames)('%s', (name) => {
  describe.each(rideNames)('%s', (rideName) => {
    test.each(roadNames)('every field of it, over %s', async (road) => {
      const [viewer, ride] = [stage.viewer(name), rideCalled(rideName)]
      const reply = await over(road, viewer, { query: byId, variables: given({ id: ride.id }) })
      if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
      if (!isShown(viewer, ride)) {
        expect(reply.data).toEqual({ ride: null })
        return expectNothingOf([ride], reply.text, road)
      }
      const own = await over('POST', stage.viewer('rider'), {
        query: byId,
        variables: given({ id: ride.id }),
      })
      expect(own.data?.['ride']).toMatchObject({ id: ride.id, title: ride.marks[0] })
      expect(differences(viewer, answered(own), answered(reply))).toEqual([])
    })

    test.each(fieldsOfRide.filter((field) => isErrorToOthers('Ride', field)))('its $name', async (field) => {
      const [viewer, ride] = [stage.viewer(name), rideCalled(rideName)]
      const query = `query ($id: ID!) { ride(id: $id) { ${field.name} ${everythingOf(field.type)} } }`
      const reply = await over('POST', viewer, { query, variables: given({ id: ride.id }) })
      if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
      const own = viewer.reads === 'as their rider'
      const isRefused = !own && isShown(viewer, ride)
      expect(reply.text).toMatch(isRefused ? /"code":"FORBIDDEN"/ : /^{"data"/)
      if (!own) expectNothingOf([ride], reply.text, field.name)
    })

    test.each(['gpx', 'tcx', 'geojson'])('its %s', async (format) => {
      const [viewer, ride] = [stage.viewer(name), rideCalled(rideName)]
      const { status, body } = await ask(`${stage.product.url}/rides/${ride.id}.${format}`, viewer)
      if (viewer.reads === 'refused') return expect(status).toBe(401)
      if (!isShown(viewer, ride)) {
        expectNothingOf([ride], body, format)
        return expect([status, JSON.parse(body).code]).toEqual([404, 'RIDE_NOT_FOUND'])
      }
      expect(status).toBe(ride.status === 'FINISHED' ? 200 : 409)
      if (status === 200) expect(body).toContain(ride.marks[0])
    })

    test.each(['server-sent events', 'WebSocket'] as const)('its feed, over %s', async (road) => {
      const [viewer, ride] = [stage.viewer(name), rideCalled(rideName)]
      const query = `subscription ($id: ID!) { rideFeed(rideId: $id) ${everythingOf(schema.getType('RideFeedItem') as never)} }`
      const reply = await over(road, viewer, { query, variables: given({ id: ride.id }) })
      if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
      if (isShown(viewer, ride))
        return expect(reply.data?.['rideFeed']).toMatchObject({ type: 'STARTED', version: 1 })
      expect(reply.text).toContain('RIDE_NOT_FOUND')
      expectNothingOf([ride], reply.text, road)
    })
  })

  test.each(roadNames)('lists of rides, over %s', async (road) => {
    const viewer = stage.viewer(name)
    const query = `{ rides(first: 100) ${everythingOf(schema.getType('RideConnection') as never)} }`
    const reply = await over(road, viewer, { query })
    if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
    const listed = stage.rides.filter((ride) => isListed(viewer, ride))
    const page = reply.data?.['rides'] as { nodes: { id: string }[]; totalCount: number } | undefined
    expect(page?.nodes.map(({ id }) => id).toSorted()).toEqual(listed.map(({ id }) => id).toSorted())
    expect(page?.totalCount).toBe(listed.length)
    expectNothingOf(
      stage.rides.filter((ride) => !listed.includes(ride)),
      reply.text,
      'the list',
    )
  })

  test.each(roadNames)('what has changed, over %s', async (road) => {
    const viewer = stage.viewer(name)
    const query = `{ rideChanges(first: 500) ${everythingOf(schema.getType('RideChanges') as never)} }`
    const reply = await over(road, viewer, { query })
    if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
    const listed = stage.rides.filter((ride) => isListed(viewer, ride))
    const page = reply.data?.['rideChanges'] as { changes: { rideId: string; ride: unknown }[] } | undefined
    const shown = page?.changes.filter(({ ride }) => ride !== null).map(({ rideId }) => rideId)
    expect(shown?.toSorted()).toEqual(listed.map(({ id }) => id).toSorted())
    const hidden = stage.rides.filter((ride) => !listed.includes(ride))
    expectNothingOf(hidden, reply.text, 'the list of changes')
    for (const { id } of hidden) expect(reply.text).not.toContain(id)
  })

  test.each(['server-sent events', 'WebSocket'] as const)('the live map, over %s', async (road) => {
    const viewer = stage.viewer(name)
    const query = `subscription { liveRides ${everythingOf(schema.getType('LiveRides') as never)} }`
    const reply = await over(road, viewer, { query })
    if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
    const listed = stage.rides.filter((ride) => ride.status === 'ACTIVE' && isListed(viewer, ride))
    const map = reply.data?.['liveRides'] as { rides: { rideId: string }[] } | undefined
    expect(map?.rides.map(({ rideId }) => rideId).toSorted()).toEqual(listed.map(({ id }) => id).toSorted())
    // Of its rider, records are shown too.
    expectNothingOf(
      stage.rides.filter((ride) => !isListed(viewer, ride)),
      reply.text,
      'the live map',
    )
  })

  test.each(fieldsOf('Mutation', 'administrators'))('%s is for administrators', async (field) => {
    const viewer = stage.viewer(name)
    const reply = await over('POST', viewer, mutation(field, nowhere))
    if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
    const code = codeIn(reply, field)
    if (viewer.administers) expect(code).not.toMatch(/FORBIDDEN|UNAUTHENTICATED/)
    else expect(code).toMatch(/^(FORBIDDEN|UNAUTHENTICATED)$/)
  })

  test.each(fieldsOf('Query', 'administrators'))('%s is for administrators', async (field) => {
    const viewer = stage.viewer(name)
    const reply = await over('POST', viewer, rootQuery(field))
    if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
    if (viewer.administers) expect(reply.text).not.toContain('"errors"')
    else expect(reply.text).toMatch(/"code":"(FORBIDDEN|UNAUTHENTICATED)"/)
  })

  test.each(roadNames)('the log of each ride, over %s', async (road) => {
    const viewer = stage.viewer(name)
    const query = `query ($name: ID!) { logStream(name: $name) ${everythingOf(schema.getType('LogStream') as never)} }`
    for (const ride of stage.rides) {
      const reply = await over(road, viewer, { query, variables: given({ name: ride.id }) })
      if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
      if (viewer.administers) {
        expect(reply.data?.['logStream']).toMatchObject({ isOwn: false, status: ride.status })
        expect(reply.text).toContain('withheld')
      } else expect(reply.text).toMatch(/"code":"(FORBIDDEN|UNAUTHENTICATED)"/)
      expectNothingLoggedOf(ride, reply.text)
    }
  })

  test.each([
    ['subscription', 'logFeed', 'LogFeedUpdate'],
    ['query', 'logStreams', 'LogStreamPage'],
    ['query', 'logEvents', 'LogEventPage'],
  ] as const)('the log of all rides, by the %s %s', async (kind, field, type) => {
    const viewer = stage.viewer(name)
    const query = `${kind} { ${field} ${everythingOf(schema.getType(type) as never)} }`
    for (const road of kind === 'query' ? roadNames : (['server-sent events', 'WebSocket'] as const)) {
      const reply = await over(road, viewer, { query })
      if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
      if (viewer.administers) expect(reply.data?.[field]).toBeTruthy()
      else expect(reply.text).toMatch(/"code":"(FORBIDDEN|UNAUTHENTICATED)"/)
      for (const ride of stage.rides) expectNothingLoggedOf(ride, reply.text)
    }
  })

  test.each(fieldsOf('Query', 'own'))('%s shows nothing of another', async (field) => {
    const viewer = stage.viewer(name)
    const reply = await over('POST', viewer, rootQuery(field))
    if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
    if (name.startsWith('rider')) return
    for (const mark of ['receiver.example', 'Olga', stage.owner.riderId, stage.owner.keyId]) {
      expect(reply.text).not.toContain(mark)
    }
  })

  test('imports a recording only with a credential that may write', async () => {
    const viewer = stage.viewer(name)
    const headers = { ...viewer.headers, 'content-type': 'application/gpx+xml' }
    const { status, body } = await ask(`${stage.product.url}/rides/import`, {
      method: 'POST',
      headers,
      body: 'no file',
    })
    if (viewer.reads === 'refused' || viewer.writes === 'UNAUTHENTICATED') return expect(status).toBe(401)
    expect([status, JSON.parse(body).code]).toEqual(
      viewer.writes === 'FORBIDDEN' ? [403, 'FORBIDDEN'] : [422, 'INVALID_INPUT'],
    )
  })
})

describe.each(viewerNames.filter((name) => readsAndWrites(name).writes !== 'done'))(
  '%s may not write:',
  (name) => {
    test.each(fieldsOf('Mutation', 'its rider writes'))('%s of a private ride', async (field) => {
      const [viewer, ride] = [stage.viewer(name), rideCalled('PRIVATE ACTIVE')]
      const reply = await over('POST', viewer, mutation(field, ride.id))
      if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
      expect(codeIn(reply, field)).toBe(viewer.writes)
      expectNothingOf([ride], reply.text, field)
    })
  },
)

const withoutAnAccount = viewerNames.filter((name) =>
  /UNAUTHENTICATED|FORBIDDEN|refused/.test(readsAndWrites(name).writes),
)
describe.each(withoutAnAccount)('%s makes nothing of his own:', (name) => {
  test.each(fieldsOf('Mutation', 'signed in'))('%s', async (field) => {
    const viewer = stage.viewer(name)
    const reply = await over('POST', viewer, mutation(field, nowhere))
    if (viewer.reads === 'refused') return expect(isRefusal(reply)).toBe(true)
    expect(codeIn(reply, field)).toBe(viewer.writes)
  })
})

test('the rider changes it with a key that may write', async () => {
  const ride = rideCalled('PRIVATE ACTIVE')
  for (const name of ['rider', 'rider, a key that only writes'] as const) {
    const reply = await over('POST', stage.viewer(name), mutation('recordPositions', ride.id))
    expect(reply.data?.['recordPositions']).toMatchObject({ __typename: 'RecordPositionsPayload' })
  }
})

describe('a ride that is private and one that is not there are told apart by nothing', () => {
  const others = ['stranger', 'administrator', 'anonymous', 'rider, a key that only reads'] as const

  test.each(fieldsOf('Mutation', 'its rider writes'))('by %s', async (field) => {
    for (const name of others) {
      const viewer = stage.viewer(name)
      for (const expectedVersion of [undefined, 1, 1_000]) {
        const [there, notThere] = await Promise.all(
          [rideCalled('PRIVATE ACTIVE').id, nowhere].map(async (id) =>
            anonymised(await over('POST', viewer, mutation(field, id, { expectedVersion })), id),
          ),
        )
        expect(there).toEqual(notThere)
      }
    }
  })

  test.each(['gpx', 'tcx', 'geojson', 'fit', 'html'])('by its %s', async (format) => {
    for (const name of others.filter((name) => !name.startsWith('rider'))) {
      for (const ride of ['PRIVATE ACTIVE', 'PRIVATE FINISHED']) {
        const [there, notThere] = await Promise.all(
          [rideCalled(ride).id, nowhere].map(async (id) =>
            headersOf(`/rides/${id}.${format}`, stage.viewer(name), id),
          ),
        )
        expect(there).toEqual(notThere)
      }
    }
  })

  test('by its page', async () => {
    const [there, notThere] = await Promise.all(
      [rideCalled('PRIVATE FINISHED').id, nowhere].map((id) =>
        headersOf(`/rides/${id}`, stage.viewer('anonymous'), id),
      ),
    )
    expect(there).toEqual(notThere)
  })

  test.each(roadNames)('over %s', async (road) => {
    for (const name of others.filter((name) => !name.startsWith('rider'))) {
      const [there, notThere] = await Promise.all(
        [rideCalled('PRIVATE FINISHED').id, nowhere].map(async (id) =>
          anonymised(await over(road, stage.viewer(name), { query: byId, variables: given({ id }) }), id),
        ),
      )
      expect(there).toEqual(notThere)
    }
  })

  test('by a version that is waited for', async () => {
    const query = 'query ($id: ID!, $version: Int) { ride(id: $id, minVersion: $version) { id } }'
    const { id } = rideCalled('PRIVATE FINISHED')
    const asked = [1, 1_000].flatMap((version) =>
      roadNames.map(async (road) => {
        const answers = [id, nowhere].map(async (id) =>
          anonymised(
            await over(road, stage.viewer('stranger'), { query, variables: given({ id, version }) }),
            id,
          ),
        )
        const [there, notThere] = await Promise.all(answers)
        expect([road, there]).toEqual([road, notThere])
      }),
    )
    await Promise.all(asked)
  })

  // A time that tells them apart shows in every trial; one that the machine makes does not.
  test('by the time that it takes', { retry: 3 }, async () => {
    const ids = [rideCalled('PRIVATE FINISHED').id, nowhere]
    const queries = {
      ride: byId,
      feed: 'subscription ($id: ID!) { rideFeed(rideId: $id) { version } }',
    }
    for (const [what, query] of Object.entries(queries)) {
      const times: [number[], number[]] = [[], []]
      for (let turn = 0; turn < 2 * mostAsked; turn++) {
        const before = performance.now()
        await over('WebSocket', stage.viewer('stranger'), { query, variables: given({ id: ids[turn % 2] }) })
        times[turn % 2]!.push(performance.now() - before)
      }
      const [there, notThere] = times.map((each) => quantile(each, 0.5)) as [number, number]
      expect(
        Math.max(there, notThere) / Math.min(there, notThere),
        `${what}: ${there} and ${notThere} ms`,
      ).toBeLessThan(tellingFactor)
    }
  })

  test.each(['server-sent events', 'WebSocket'] as const)('by its feed, over %s', async (road) => {
    const query =
      'subscription ($id: ID!, $until: RideStatus) { rideFeed(rideId: $id, until: $until) { version } }'
    for (const until of [undefined, 'FINISHED']) {
      const [there, notThere] = await Promise.all(
        [rideCalled('PRIVATE FINISHED').id, nowhere].map(async (id) =>
          anonymised(
            await over(road, stage.viewer('stranger'), { query, variables: given({ id, until }) }),
            id,
          ),
        ),
      )
      expect(there).toEqual(notThere)
    }
  })
})

describe("somebody else's webhook or key is to others as if it were not", () => {
  test.each(fieldsOf('Mutation', 'own'))('by %s', async (field) => {
    for (const name of ['stranger', 'administrator'] as const) {
      const [there, notThere] = await Promise.all(
        [stage.webhookId, nowhere].map(async (id) =>
          anonymised(await over('POST', stage.viewer(name), mutation(field, nowhere, { own: id })), id),
        ),
      )
      expect(there).toEqual(notThere)
      expect(there?.text).not.toContain('Payload')
    }
  })
})

/** Fields of a root type, for `test.each`. */
function fieldsOf(type: 'Query' | 'Mutation', rule: Parameters<typeof fieldsWith>[1]): readonly string[] {
  return fieldsWith(type, rule)
}

function answered({ data }: Reply): Answered[] {
  return answeredIn('Ride', data?.['ride'])
}

/** What the rules forbid, of two answers about a ride without privacy zones. */
function differences(viewer: Viewer, own: readonly Answered[], shown: readonly Answered[]): string[] {
  const byPath = new Map(own.map((one) => [one.path, one]))
  const isForAll = ({ type, field }: Answered) =>
    ruleOf(type, field) !== 'shown rides' &&
    (viewer.reads === 'as their rider' || ruleOf(type, field) !== 'its rider alone')
  const missing = own
    .filter(isForAll)
    .filter(({ path }) => !shown.some((one) => one.path === path))
    .map(({ path }) => `${path} is missing`)
  return [
    ...missing,
    ...shown.flatMap(({ type, field, path, value }) => {
      if (ruleOf(type, field) === 'shown rides') return []
      const toRider = byPath.get(path)?.value
      if (ruleOf(type, field) === 'its rider alone' && viewer.reads === 'as anybody') {
        return value === 'null' ? [] : [`${type}.${field} is shown`]
      }
      return isAsRuled(ruleOf(type, field), value, toRider)
        ? []
        : [`${type}.${field} at ${path} is ${value}, and to its rider ${toRider}`]
    }),
  ]

  function isAsRuled(rule: Rule | undefined, shown: string, toRider: string | undefined): boolean {
    if (viewer.reads === 'as anybody') {
      if (rule === 'sealed') return shown !== toRider
      if (rule === 'counted') return Number(shown) <= Number(toRider)
    }
    return shown === toRider
  }
}

interface Ids {
  /** Of what is somebody's own: a webhook, a key. */
  readonly own?: string
  readonly expectedVersion?: number | undefined
}

/** A mutation with what it requires, and no more. */
function mutation(field: string, rideId: string, { own = nowhere, expectedVersion }: Ids = {}): Sent {
  const { args, name } = rootField('Mutation', field)
  const variables: Record<string, unknown> = {}
  for (const argument of args) {
    const value = validOf(argument.type, argument.name, (type, key) => valid(type, key, rideId, own))
    const versioned = expectedVersion !== undefined && String(argument.type).startsWith('R')
    variables[argument.name] = versioned ? { ...(value as object), expectedVersion } : value
  }
  const declared = args.map((argument) => `$${argument.name}: ${argument.type}`)
  const passed = args.map((argument) => `${argument.name}: $${argument.name}`)
  return {
    query: `mutation (${declared}) { ${name}(${passed}) { __typename ... on Error { code message } } }`,
    variables: given(variables),
  }
}

function rootQuery(field: string): Sent {
  const { args, name, type } = rootField('Query', field)
  const required = args.filter((argument) => String(argument.type).endsWith('!'))
  const passed = required.map((argument) => {
    const value = validOf(argument.type, argument.name, (scalar, key) =>
      valid(scalar, key, nowhere, stage.webhookId),
    )
    return `${argument.name}: ${JSON.stringify(value)}`
  })
  return { query: `{ ${name}${passed.length > 0 ? `(${passed})` : ''} ${everythingOf(getNamedType(type))} }` }
}

function rootField(type: 'Query' | 'Mutation', field: string): GraphQLField<unknown, unknown> {
  const root = type === 'Query' ? schema.getQueryType() : schema.getMutationType()
  return root!.getFields()[field]!
}

function valid(type: string, key: string, rideId: string, own: string): unknown {
  if (type === 'ID') return key.toLowerCase().includes('ride') ? rideId : own
  if (type === 'DateTime') return '2026-05-31T08:00:59Z'
  if (type === 'String') return key === 'url' ? 'https://receiver.example/' : 'rides'
  return type === 'Boolean' ? true : 1
}

function codeIn({ data, text }: Reply, field: string): string {
  const result = data?.[field] as { code?: string } | null | undefined
  return result?.code ?? /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? text
}

/** An answer without the id that was asked for. */
function anonymised({ status, text }: Reply, id: string): Pick<Reply, 'status' | 'text'> {
  // Over a WebSocket each answer has the number of its question.
  return { status, text: text.replaceAll(id, 'ID').replace(/"id":"a\d+"/, '') }
}

/** Answer and headers, but for the time of day and what counts requests. */
async function headersOf(path: string, { headers }: Viewer, id: string) {
  const response = await fetch(`${stage.product.url}${path}`, { headers })
  const kept = [...response.headers].filter(([name]) => name !== 'date' && !name.startsWith('ratelimit'))
  return { status: response.status, kept, body: (await response.text()).replaceAll(id, 'ID') }
}
