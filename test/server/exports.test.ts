import { fail } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { readRecording } from '#recordings/read/read.ts'
import { at, position, startRide } from '../api/client.ts'
import { serve } from '../api/serve.ts'
import { eventually } from '../support/eventually.ts'

const served = serve()
let rideId: string
beforeAll(async () => {
  rideId = await finishedRide({ title: 'Čez Črni vrh' })
})

async function finishedRide(input: Record<string, unknown>, positions = 100): Promise<string> {
  const { client } = served
  const id = await startRide(client, input)
  for (let first = 0; first < positions; first += 1_000) {
    const count = Math.min(1_000, positions - first)
    const uploaded = await client.mutate('recordPositions', {
      rideId: id,
      positions: Array.from({ length: count }, (_, index) => ({
        ...position(first + index),
        heartRate: 120,
      })),
    })
    expect(uploaded).toMatchObject({ __typename: 'RecordPositionsPayload' })
  }
  await client.mutate('endRide', { rideId: id, at: at(positions + 60) })
  await eventually('the ride to be finished', async () => {
    const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { status } }', { id })
    return data?.['ride']?.['status'] === 'FINISHED'
  })
  return id
}

const get = (path: string, init: RequestInit = {}) => fetch(`${served.product.url}${path}`, init)

async function query(text: string, values: unknown[]): Promise<void> {
  const connection = new pg.Client({ connectionString: served.databaseUrl })
  await connection.connect()
  try {
    await connection.query(text, values)
  } finally {
    await connection.end()
  }
}

async function statistics(id: string) {
  const { data } = await served.client.ask(
    'query ($id: ID!) { ride(id: $id) { statistics { distance elapsedTime timerTime movingTime maxSpeed averageHeartRate } } }',
    { id },
  )
  return data?.['ride']?.['statistics']
}

describe('a finished ride is', () => {
  test.each([
    ['gpx', 'application/gpx+xml'],
    ['tcx', 'application/vnd.garmin.tcx+xml'],
  ])('a file to be saved, .%s, that holds the ride', async (extension, type) => {
    const answer = await get(`/rides/${rideId}.${extension}`)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': type,
      'content-disposition': `attachment; filename="2026-05-31 Cez Crni vrh.${extension}"; filename*=UTF-8''2026-05-31%20%C4%8Cez%20%C4%8Crni%20vrh.${extension}`,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
    })
    const reading = await readRecording(Buffer.from(await answer.arrayBuffer()))
    const { recording } = reading.outcome === 'read' ? reading : fail(reading.reason)
    expect(recording).toMatchObject({
      name: 'Čez Črni vrh',
      startedAt: Date.parse(at(0)),
      endedAt: Date.parse(at(160)),
    })
    expect(recording.entries).toHaveLength(100)
  })

  test('a GeoJSON feature with the statistics that queries give', async () => {
    const answer = await get(`/rides/${rideId.toUpperCase()}.geojson`)
    expect(answer.headers.get('content-type')).toBe('application/geo+json')
    const feature = (await answer.json()) as {
      id: string
      geometry: { coordinates: number[][][] }
      properties: Record<string, unknown>
    }
    expect(feature.id).toBe(rideId)
    expect(feature.geometry.coordinates[0]).toHaveLength(100)
    expect(feature.properties['statistics']).toMatchObject((await statistics(rideId)) ?? fail('none'))
  })

  test('a file whose numbers have no more decimals than were measured', async () => {
    for (const extension of ['gpx', 'tcx', 'geojson']) {
      const file = await (await get(`/rides/${rideId}.${extension}`)).text()
      const decimals = file.match(/(?<=\d\.)\d+/g) ?? fail('no number')
      expect(Math.max(...decimals.map(({ length }) => length))).toBeLessThanOrEqual(7)
    }
  })

  test('still the same when it was imported again', async () => {
    for (const extension of ['gpx', 'tcx']) {
      const file = await (await get(`/rides/${rideId}.${extension}`)).arrayBuffer()
      const imported = await get('/rides/import', { method: 'POST', body: file })
      expect(imported.status).toBe(201)
      const { rideId: again } = (await imported.json()) as { rideId: string }
      await eventually('the imported ride to be finished', async () => (await statistics(again)) != null)
      expect(await statistics(again)).toEqual(await statistics(rideId))
    }
  })
})

describe('a file of a ride', () => {
  test('is not sent again to whoever has it, until the ride is edited', async () => {
    const id = await finishedRide({ title: 'Before' }, 2)
    const etag = (await get(`/rides/${id}.gpx`)).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]+"$/)
    expect((await get(`/rides/${id}.tcx`)).headers.get('etag')).not.toBe(etag)
    const ask = (known: string) => get(`/rides/${id}.gpx`, { headers: { 'if-none-match': known } })
    for (const known of [etag, `"other", W/${etag}`, '*']) {
      const answer = await ask(known)
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', etag])
    }
    await served.client.mutate('editRide', { rideId: id, title: 'After' })
    await eventually('the new title', async () =>
      (await (await ask(etag)).text()).includes('<name>After</name>'),
    )
    expect((await ask(etag)).headers.get('etag')).not.toBe(etag)
  })

  test('says by HEAD what it would be, without it', async () => {
    const [head, whole] = [
      await get(`/rides/${rideId}.gpx`, { method: 'HEAD' }),
      await get(`/rides/${rideId}.gpx`),
    ]
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const name of ['etag', 'content-type', 'content-disposition'])
      expect(head.headers.get(name)).toBe(whole.headers.get(name))
  })

  test('is sent packed to whoever can unpack it, as another representation of the same', async () => {
    const plain = await raw(`/rides/${rideId}.gpx`, {})
    const packed = await raw(`/rides/${rideId}.gpx`, { 'accept-encoding': 'br, gzip;q=0.5' })
    expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([
      undefined,
      'gzip',
    ])
    expect(gunzipSync(packed.body)).toEqual(plain.body)
    expect(packed.body.length).toBeLessThan(plain.body.length / 3)
    for (const { headers } of [plain, packed]) expect(headers['vary']).toBe('accept-encoding, origin')
    const { etag = '' } = packed.headers
    expect(etag).not.toBe(plain.headers.etag)
    const known = { 'if-none-match': etag }
    const again = await raw(`/rides/${rideId}.gpx`, { ...known, 'accept-encoding': 'gzip' })
    expect([again.status, again.headers.etag, again.body.length]).toEqual([304, etag, 0])
    expect(again.headers['vary']).toBe('accept-encoding, origin')
    expect((await raw(`/rides/${rideId}.gpx`, known)).status).toBe(200)
    const head = await raw(`/rides/${rideId}.gpx`, { 'accept-encoding': 'gzip' }, 'HEAD')
    expect([head.status, head.headers['content-encoding'], head.headers.etag]).toEqual([200, 'gzip', etag])
  })

  test.each([
    ['of a ride that is not there', () => `/rides/${randomUUID()}.gpx`, 'GET', 404, /no such ride/],
    ['that is asked for otherwise than by GET', () => `/rides/${rideId}.gpx`, 'POST', 405, /GET/],
    [
      'in a format that there is none of',
      () => `/rides/${rideId}.kml`,
      'GET',
      404,
      /\.gpx, \.tcx, \.geojson/,
    ],
    ['in the format it came in', () => `/rides/${randomUUID()}.FIT`, 'GET', 404, /\.gpx, \.tcx, \.geojson/],
    ['packed already', () => `/rides/${rideId}.gpx.gz`, 'GET', 404, /\.gpx, \.tcx, \.geojson/],
    ['in no format', () => `/rides/${rideId}.`, 'GET', 404, /\.gpx, \.tcx, \.geojson/],
    ['as if it were a directory', () => `/rides/${rideId}.gpx/`, 'GET', 404, /with nothing behind it/],
    ['by another name than an id', () => '/rides/to-work.gpx', 'GET', 404, /the id of its ride/],
    ['by the name of an import', () => '/rides/import.gpx', 'GET', 404, /the id of its ride/],
  ])('%s is refused with a sentence', async (_, path, method, status, sentence) => {
    const answer = await get(path(), { method })
    expect([answer.status, answer.headers.get('etag')]).toEqual([status, null])
    expect(await answer.json()).toEqual({
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.stringMatching(sentence),
    })
    const head = await get(path(), { method: 'HEAD' })
    if (method === 'GET') expect([head.status, await head.text()]).toEqual([status, ''])
  })

  test('waits for the end of the ride, and goes with it when it is deleted', async () => {
    const id = await startRide(served.client)
    await eventually('the ride on the read side', async () => {
      const answer = await get(`/rides/${id}.gpx`)
      return answer.status === 409 && /INVALID_TRANSITION.*not finished yet/.test(await answer.text())
    })
    await served.client.mutate('deleteRide', { rideId: id })
    const answer = await get(`/rides/${id}.gpx`)
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('no such ride')])
  })

  test('of a ride that its rider keeps to himself says no more to others than that of a ride that is not there', async () => {
    const [id, unfinished] = [await finishedRide({}, 2), await startRide(served.client)]
    const etag = (await get(`/rides/${id}.gpx`)).headers.get('etag') ?? ''
    await eventually('the ride on the read side', async () => {
      return /not finished/.test(await (await get(`/rides/${unfinished}.gpx`)).text())
    })
    const stranger = randomUUID()
    await query(`update rides_1 set rider_id = $1, visibility = 'PRIVATE' where ride_id = any($2::uuid[])`, [
      stranger,
      [id, unfinished],
    ])
    const none = await (await get(`/rides/${randomUUID()}.gpx`)).text()
    for (const [ride, init] of [
      [id, {}],
      [id, { headers: { 'if-none-match': etag } }],
      [unfinished, {}],
    ] as const) {
      const answer = await get(`/rides/${ride}.gpx`, init)
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([404, none, null])
    }
    await query(`update rides_1 set visibility = 'UNLISTED' where rider_id = $1`, [stranger])
    expect((await get(`/rides/${id}.gpx`)).status).toBe(200)
  })

  test('whose reader goes away in the middle holds nothing up and is no fault', async () => {
    const id = await finishedRide({}, 20_000)
    const before = served.product.output()
    for (let attempt = 0; attempt < 3; attempt++) {
      await new Promise<void>((resolve, reject) => {
        const headers = attempt === 0 ? {} : { 'accept-encoding': 'gzip' }
        const asking = request(`${served.product.url}/rides/${id}.tcx`, { headers }, (answer) => {
          answer.once('data', () => answer.destroy())
          answer.once('close', () => resolve())
          answer.on('error', () => undefined)
        })
        asking.once('error', reject)
        asking.end()
      })
    }
    const whole = await (await get(`/rides/${id}.tcx`)).text()
    expect(whole.match(/<Trackpoint>/g)).toHaveLength(20_000)
    expect(whole).toMatch(/<\/TrainingCenterDatabase>\n$/)
    expect(served.product.output()).toBe(before)
  })

  test('whose reader goes away before its first byte is no fault', async () => {
    const before = served.product.output()
    // While the table is locked nothing is answered but what needs no table.
    await whileLocked('rides_1', async () => {
      const { hostname, port } = new URL(served.product.url)
      const socket = connect(Number(port), hostname)
      const asking = ['/healthz', `/rides/${rideId}.gpx`].map(
        (path) => `GET ${path} HTTP/1.1\r\nHost: localhost`,
      )
      socket.write(`${asking.join('\r\n\r\n')}\r\n\r\n`)
      // Both came in one piece: the second is under way when the first is answered.
      await once(socket, 'data')
      socket.resetAndDestroy()
      await once(socket, 'close')
    })
    expect((await get(`/rides/${rideId}.gpx`)).status).toBe(200)
    expect(served.product.output()).toBe(before)
  })
})

async function whileLocked(table: string, act: () => Promise<void>): Promise<void> {
  const connection = new pg.Client({ connectionString: served.databaseUrl })
  await connection.connect()
  try {
    await connection.query(`begin; lock table ${table} in access exclusive mode`)
    await act()
  } finally {
    await connection.end()
  }
}

/** As it comes over the wire, which `fetch` would unpack. */
async function raw(path: string, headers: Record<string, string>, method = 'GET') {
  const asking = request(`${served.product.url}${path}`, { method, headers })
  asking.end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
}
