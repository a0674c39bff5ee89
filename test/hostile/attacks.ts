/** Each attack: what is sent, over which roads, and what came of it that must not. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { schema } from '#api/schema.ts'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import { eventually } from '../support/eventually.ts'
import { malformedDocuments } from './documents.ts'
import { hostileBodies, hostileFiles, hostilePaths } from './files.ts'
import { heavyDocuments } from './heavy-documents.ts'
import { findingOf } from './judge.ts'
import { type Place, placesOf } from './places.ts'
import { ask, type Roads, roadNames } from './roads.ts'
import { askWithoutReading, drip, floodSocket, holdSockets } from './slow.ts'
import { hostileJson, hostileTexts, hostileValues } from './values.ts'
import { say, wireAttacks } from './wire.ts'

/** How much is sent: all of it, or so much as shows that it would be found. */
export interface Scale {
  readonly documents: number
  /** One in so many of the values of a place, others each time; 1 for all. */
  readonly oneIn: number
  /** How many of the texts are stored, others each time. */
  readonly texts: number
  readonly sockets: number
  /** Of what goes on for some time. */
  readonly forMs: number
}

export interface Means {
  readonly url: string
  /** Come with each request: whom the attacker is. */
  readonly headers: Readonly<Record<string, string>>
  readonly roads: Roads
  readonly random: Random
  readonly scale: Scale
  /** Something was sent, and this is what is wrong with what came back. */
  note(what: string, finding: string | undefined): void
}

export type Attack = (means: Means) => Promise<void>

export const attacks = {
  documents,
  heavy,
  values,
  stored,
  bodies,
  smuggling,
  slow,
  idle,
  flood,
  deaf,
} as const satisfies Record<string, Attack>

export type AttackName = keyof typeof attacks

export const attackNames = Object.keys(attacks) as AttackName[]

/**
 * At a time, and how long each waits before the next: a few hundred a second, so that what holds others up is what one of them
 * does, and not that there are many. For that there are floods.
 */
const atATime = 2
const breathMs = 3

async function documents({ roads, random, scale, note }: Means): Promise<void> {
  const made = malformedDocuments(schema, random)
  const all = Array.from({ length: scale.documents }, () => made.next().value)
  await inParallel(all, async (query, index) => {
    const road = roadNames[index % roadNames.length]!
    // What is too long for an address is not answered by the GraphQL server at all.
    note(
      `over ${road}: ${JSON.stringify(query)}`,
      findingOf(await roads[road]({ query }), { mayBeCut: road === 'GET' }),
    )
  })
}

async function heavy({ roads, note }: Means): Promise<void> {
  // Over each road one behind the other: a socket that is closed for one of them takes those under way with it.
  const all = (['POST', 'server-sent events', 'WebSocket'] as const).map(async (road) => {
    for (const [name, sent] of Object.entries(heavyDocuments)) {
      note(`over ${road}: ${name}`, findingOf(await roads[road](sent)))
    }
  })
  await Promise.all(all)
}

async function values({ roads, scale, random, note }: Means): Promise<void> {
  const rideId = randomUUID()
  await roads.POST({
    query: 'mutation ($input: StartRideInput!) { startRide(input: $input) { __typename } }',
    variables: JSON.stringify({ input: { rideId } }),
  })
  const places = placesOf(schema, (type, name) => valid(type, name, rideId))
  const all = places.flatMap((place) => hostileValues.map(([name, value]) => ({ place, name, value })))
  const some = all.filter(() => random() * scale.oneIn < 1)
  await inParallel(some, async ({ place, name, value }, index) => {
    const road = roadFor(place, index)
    const variables = hostileJson(place.variables(value))
    const isLong = variables.length > 8_000
    const finding = findingOf(
      await roads[isLong && road === 'GET' ? 'POST' : road]({ query: place.query, variables }),
    )
    note(`over ${road}: ${place.name}: ${name}`, finding)
  })
}

function roadFor({ operation }: Place, index: number): keyof Pick<Roads, (typeof roadNames)[number]> {
  if (operation === 'subscription') return index % 2 === 0 ? 'WebSocket' : 'server-sent events'
  const road = roadNames[index % roadNames.length]!
  return operation === 'mutation' && road === 'GET' ? 'POST' : road
}

function valid(type: string, name: string, rideId: string): unknown {
  if (type === 'DateTime') return '2026-05-31T08:00:00Z'
  if (type === 'ID') return name.toLowerCase().includes('ride') ? rideId : randomUUID()
  if (type === 'Int' || type === 'Float' || type === 'Latitude' || type === 'Longitude') return 1
  return type === 'Boolean' ? true : 'x'
}

/** What is taken in comes out again: over every road, and in every format. */
async function stored({ url, headers, roads, random, scale, note }: Means): Promise<void> {
  const rideIds: string[] = []
  const texts = Object.entries(hostileTexts)
    .map((entry) => ({ entry, order: random() }))
    .sort((one, other) => one.order - other.order)
    .slice(0, scale.texts)
  for (const {
    entry: [name, text],
  } of texts) {
    const rideId = randomUUID()
    const [title, description] = [text.slice(0, 200), text.slice(0, 10_000)]
    const start = { rideId, startedAt: '2026-05-31T08:00:00Z', title, visibility: 'PUBLIC' }
    const started = await roads.POST({
      query:
        'mutation ($input: StartRideInput!) { startRide(input: $input) { ... on StartRidePayload { rideId } ... on Error { code } } }',
      variables: JSON.stringify({ input: start }),
    })
    note(`starting a ride called ${name}`, findingOf(started))
    if (!started.body.includes(rideId)) continue
    rideIds.push(rideId)
    const rest = await roads.POST({
      query: `mutation ($edit: EditRideInput!, $upload: RecordPositionsInput!, $end: RideCommandInput!) {
        editRide(input: $edit) { __typename } recordPositions(input: $upload) { __typename } endRide(input: $end) { __typename } }`,
      variables: JSON.stringify({
        edit: { rideId, description },
        upload: { rideId, positions },
        end: { rideId, at: '2026-05-31T08:01:00Z' },
      }),
    })
    note(`describing it as ${name}`, findingOf(rest))
  }
  const read =
    'query ($id: ID!) { ride(id: $id) { status title description rider { name } } rides(first: 100) { nodes { title description } } }'
  await inParallel(rideIds, async (id, index) => {
    await eventually(
      `ride ${id} to be finished`,
      async () =>
        (await roads.POST({ query: '{ __typename }' })).status !== 200 ||
        (await roads.POST({ query: read, variables: JSON.stringify({ id }) })).body.includes(
          '"status":"FINISHED"',
        ),
    )
    for (const format of ['gpx', 'tcx', 'geojson']) {
      note(`${format} of ride ${index}`, findingOf(await ask(`${url}/rides/${id}.${format}`, { headers })))
    }
    for (const road of roadNames) {
      note(
        `reading it over ${road}`,
        findingOf(await roads[road]({ query: read, variables: JSON.stringify({ id }) })),
      )
    }
    const feed = 'subscription ($id: ID!) { rideFeed(rideId: $id) { version cursor positions { at } } }'
    note('its feed', findingOf(await roads.WebSocket({ query: feed, variables: JSON.stringify({ id }) })))
  })
}

const positions = Array.from({ length: 30 }, (_, second) => ({
  at: new Date(Date.UTC(2026, 4, 31, 8, 0, second)).toISOString(),
  latitude: 46 + second * 5e-5,
  longitude: 14.5,
}))

async function bodies({ url, headers, random, note }: Means): Promise<void> {
  for (const [name, { type, body }] of Object.entries(hostileFiles(random))) {
    const reply = await ask(`${url}/rides/import`, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body,
    })
    note(`importing ${name}`, findingOf(reply))
  }
  for (const path of hostilePaths) note(`GET ${path}`, findingOf(await ask(`${url}${path}`, { headers })))
  for (const [name, body] of Object.entries(hostileBodies())) {
    for (const type of [
      'application/json',
      'application/graphql-response+json; charset=utf-16',
      'text/plain',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      const reply = await ask(`${url}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      })
      note(`${type} of ${name}`, findingOf(reply))
    }
  }
}

async function smuggling({ url, note }: Means): Promise<void> {
  const all = Object.entries(wireAttacks(new URL(url).host))
  await inParallel(all, async ([name, { bytes, mostAnswers }]) => {
    const reply = await say(url, bytes)
    const finding = findingOf(
      { ...reply, status: reply.status === 'silent' ? 'cut' : reply.status },
      { mayBeCut: true },
    )
    note(
      name,
      finding ?? (reply.answers > mostAnswers ? `${reply.answers} answers: ${reply.body}` : undefined),
    )
  })
}

async function slow({ url, scale, note }: Means): Promise<void> {
  const { host } = new URL(url)
  const head = `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`
  const count = Math.ceil(scale.sockets / 10)
  const headers = await holdSockets(url, count)
  const inBody = await holdSockets(url, count)
  const inFile = await holdSockets(url, count)
  try {
    for (const socket of inBody.sockets) socket.write(`${head}Content-Length: 1000000\r\n\r\n`)
    for (const socket of inFile.sockets)
      socket.write(`${head.replace('/graphql', '/rides/import')}Transfer-Encoding: chunked\r\n\r\n`)
    const forMs = scale.forMs
    const sent = await Promise.all([
      drip(headers, { text: `${head}X-A: ${'b'.repeat(1_000)}`, everyMs: 200, forMs }),
      drip(inBody, { text: '{"query":"', everyMs: 200, forMs }),
      drip(inFile, { text: '1\r\n<\r\n', everyMs: 200, forMs }),
    ])
    note(
      `${3 * count} requests, a byte at a time`,
      Math.min(...sent) > 0 ? undefined : 'nothing could be sent',
    )
  } finally {
    for (const held of [headers, inBody, inFile]) held.close()
  }
}

async function idle({ url, headers, scale, roads, note }: Means): Promise<void> {
  const silent = await holdSockets(url, Math.ceil(scale.sockets / 2))
  const upgraded = await holdSockets(url, Math.floor(scale.sockets / 2))
  try {
    const lines = Object.entries({ host: new URL(url).host, ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    const upgrade = `GET /graphql HTTP/1.1\r\n${lines.join('')}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`
    for (const socket of upgraded.sockets) socket.write(upgrade)
    const until = performance.now() + scale.forMs
    while (performance.now() < until) {
      note('an honest question beside them', findingOf(await roads.POST({ query: '{ viewer { id } }' })))
      await pause(20)
    }
    if (scale.forMs < 5_000) return
    // A client has five seconds to say who he is, and half a minute more to answer that he is cut off.
    const areGone = () => upgraded.closed() === upgraded.sockets.length
    const finding = await eventually('WebSockets that never said a word to be cut off', areGone, {
      withinMs: 45_000,
      everyMs: 250,
    }).then(
      () => undefined,
      (error: Error) => error.message,
    )
    note('WebSockets that never said a word', finding)
  } finally {
    silent.close()
    upgraded.close()
  }
}

async function flood({ url, headers, scale, note }: Means): Promise<void> {
  const messages: Record<string, (index: number) => string> = {
    questions: (index) =>
      `{"type":"subscribe","id":"${index}","payload":{"query":"{ rides(first: 100) { nodes { id title } } }"}}`,
    subscriptions: (index) =>
      `{"type":"subscribe","id":"${index}","payload":{"query":"subscription { liveRides { snapshot } }"}}`,
    pings: () => '{"type":"ping"}',
    nonsense: () => '{"type":"__proto__","id":{}}',
  }
  for (const [name, message] of Object.entries(messages)) {
    const until = performance.now() + scale.forMs / 4
    // Whoever is cut off comes back at once.
    while (performance.now() < until) {
      const forMs = until - performance.now()
      const { sent, closeCode } = await floodSocket(url, { message, forMs, reads: true, headers })
      const status = closeCode === undefined ? 200 : 'cut'
      note(`${sent} ${name}`, findingOf({ status, ...(closeCode !== undefined && { closeCode }), body: '' }))
    }
  }
}

async function deaf({ url, headers, scale, note }: Means): Promise<void> {
  const lines = Object.entries({ host: new URL(url).host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const forMs = scale.forMs / 2
  const bytes = await askWithoutReading(url, {
    request: `GET /graphql?query=${encodeURIComponent('{ __schema { types { name description fields { name description } } } }')} HTTP/1.1\r\n${lines.join('')}Accept: application/json\r\n\r\n`,
    forMs,
  })
  note(`${bytes} bytes of requests`, undefined)
  const query = '{ __schema { types { name description fields { name description } } } }'
  const { sent } = await floodSocket(url, {
    message: (index) => `{"type":"subscribe","id":"${index}","payload":${JSON.stringify({ query })}}`,
    forMs,
    reads: false,
    headers,
  })
  note(`${sent} questions over a WebSocket`, undefined)
}

async function inParallel<T>(
  all: readonly T[],
  work: (one: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < all.length) {
      const index = next++
      await work(all[index]!, index)
      await pause(breathMs)
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
}
