/**
 * A rider's ways through the whole product, on a desk and on a phone: he records a ride while the network fails and somebody
 * watches; and a ride that was recorded elsewhere comes in, is looked at, changed, given away and taken back, taken along, found
 * and deleted.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { writeGpx } from '../recordings/write-gpx.ts'
import { eventually } from '../support/eventually.ts'
import { withSignIn } from '../support/product.ts'
import { complaintsOf, openWindow } from './chromium.ts'
import { mapPane } from './map-pane.ts'
import { visits } from './visit.ts'

const visit = visits({ env: { ...withSignIn, SIGN_UP: 'open' } })

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]
const start = { latitude: 46.05, longitude: 14.5 }
const degreesPerMetre = 1 / 111_195
/** As fast as positions are told in the tests, this is no faster than a bicycle downhill. */
const stepMetres = 1

describe.each(sizes)('on a screen of $width × $height', (viewport) => {
  it('a ride is recorded through a failing network while somebody watches', async () => {
    const { product, browser, page: watching, map: watched, complaints } = visit
    await watching.setViewportSize(viewport)
    const context = await openWindow(browser, {
      viewport,
      geolocation: { ...start, accuracy: 5 },
      permissions: ['geolocation'],
      serviceWorkers: 'allow',
    })
    try {
      const page = await signedUp(context, `rider-${viewport.width}`)
      const ridden = mapPane(page)
      const trailOf = async (pane: typeof ridden) => Number(await pane.says('trail-points'))
      const move = moves(context)
      const moveAndBeSeen = async (times: number) => {
        for (let step = 0; step < times; step++) {
          const before = await trailOf(ridden)
          await move()
          await eventually('the position to be taken', async () => (await trailOf(ridden)) > before)
        }
      }

      await page.goto(`${product.url}/record`)
      const title = `Through the tunnel ${viewport.width}`
      await page.getByLabel('Title').fill(title)
      await page.getByLabel('Who sees it').selectOption('PUBLIC')
      await page.getByRole('button', { name: 'Start' }).click()
      await page.getByRole('button', { name: 'Pause' }).waitFor()
      await moveAndBeSeen(5)

      await watching.goto(product.url)
      await watching
        .getByRole('list', { name: 'Rides in progress' })
        .getByRole('link', { name: new RegExp(title) })
        .click()
      const card = watching.getByRole('region', { name: title })
      await card.getByText('Active').waitFor()
      const seen = async () => Number(await watched.says('trail-points'))
      await eventually('the trail', async () => (await seen()) >= 5)

      // The page itself is kept too, once its service worker has it.
      await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
      await context.setOffline(true)
      await moveAndBeSeen(5)
      await page.getByText(/positions? waits? to be sent/).waitFor()
      const atTheTunnel = await seen()
      // What the phone keeps outlives the page.
      await page.reload()
      await page.getByRole('button', { name: 'Pause' }).waitFor()
      expect(await seen()).toBe(atTheTunnel)
      await context.setOffline(false)
      await page.getByText('All sent').waitFor()
      await eventually('what was recorded in the tunnel', async () => {
        const [here, there] = [await trailOf(ridden), await seen()]
        // The map of the page that was loaded again may have come last.
        expect([there > atTheTunnel, there]).toEqual([true, here])
        return true
      })

      await page.getByRole('button', { name: 'Pause' }).click()
      await card.getByText('Paused').waitFor()
      await page.getByRole('button', { name: 'Resume' }).click()
      await card.getByText('Active').waitFor()
      await page.getByRole('button', { name: 'End…' }).click()
      await page.getByRole('button', { name: 'End the ride' }).click()
      await page.getByRole('heading', { name: 'Ride finished' }).waitFor()
      await card.getByText('Finished').waitFor()
      await page.getByRole('link', { name: 'See the ride' }).click()
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      const rideId = new URL(page.url()).pathname.split('/')[2] ?? ''
      const { ride } = await ask(
        page,
        'query ($id: ID!) { ride(id: $id) { status events(first: 100) { nodes { type positions { at } } } } }',
        { id: rideId },
      )
      expect(ride.status).toBe('FINISHED')
      const times = ride.events.nodes.flatMap(({ positions }) => positions.map(({ at }) => at))
      expect(times.length).toBeGreaterThanOrEqual(10)
      expect(new Set(times).size).toBe(times.length)
      expect(complaints).toEqual([])
    } finally {
      await context.close()
    }
  })

  it('a ride comes in as a file, is looked at, changed, given away, taken along, found and deleted', async () => {
    const { product, browser, page: strangers, complaints } = visit
    await strangers.setViewportSize(viewport)
    const context = await openWindow(browser, { viewport, acceptDownloads: true })
    try {
      const page = await signedUp(context, `home-${viewport.width}`)
      const own = complaintsOf(page)
      const map = mapPane(page)
      await ask(
        page,
        'mutation ($input: AddPrivacyZoneInput!) { addPrivacyZone(input: $input) { __typename } }',
        {
          input: { name: 'Home', ...start, radius: 600 },
        },
      )

      await page.goto(`${product.url}/import`)
      await page.getByLabel('Files to import').setInputFiles({
        name: 'evening.gpx',
        mimeType: 'application/gpx+xml',
        buffer: Buffer.from(gpx('Evening loop')),
      })
      await page.getByTestId('import-summary').getByText('1 imported').waitFor()
      await page.getByRole('region', { name: 'Files' }).getByRole('link', { name: 'Evening loop' }).click()
      await page.getByRole('heading', { level: 1, name: 'Evening loop' }).waitFor()
      const address = new URL(page.url()).pathname
      const rideId = address.split('/')[2] ?? ''
      await map.toShowARoute()

      // The charts, their numbers and the dot on the map say the same, and what the API says.
      const charts = page.getByRole('slider', { name: /Charts of the ride/ })
      await charts.waitFor()
      await charts.scrollIntoViewIfNeeded()
      const { ride } = await ask(
        page,
        'query ($id: ID!) { ride(id: $id) { streams(resolution: 10000) { time distance latitude longitude heartRate } } }',
        { id: rideId },
      )
      const { streams } = ride
      const box = (await charts.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
      const readout = (name: string) =>
        page.locator(`[data-value="${name}"] dd`).innerText({ timeout: 10_000 })
      const indexes = new Set<number>()
      for (let point = 0; point < 10; point++) {
        await page.mouse.move(box.x + box.width * (0.16 + 0.08 * point), box.y + 40)
        // What was pointed at before may still be shown for a moment.
        const index = await eventually('all to be of another place', async () => {
          const time = secondsOf(await readout('time'))
          const index = nearest(streams.time, time)
          expect(indexes.has(index)).toBe(false)
          expect(Math.abs(streams.time[index]! - time)).toBeLessThanOrEqual(0.5)
          const [latitude = Number.NaN, longitude = Number.NaN] =
            (await map.says('pointer'))?.split(',').map(Number) ?? []
          expect(Math.abs(streams.latitude[index]! - latitude)).toBeLessThan(1e-6)
          expect(Math.abs(streams.longitude[index]! - longitude)).toBeLessThan(1e-6)
          expect(Number.parseFloat(await readout('distance'))).toBeCloseTo(
            streams.distance[index]! / 1_000,
            1,
          )
          expect(Number.parseFloat(await readout('heartRate'))).toBe(streams.heartRate[index])
          return index
        })
        indexes.add(index)
      }

      await page.getByRole('button', { name: 'Edit title and description' }).click()
      await page.getByLabel('Title').fill('Evening loop, slowly')
      await page.getByLabel('Description').fill('With a flat tyre.')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('heading', { level: 1, name: 'Evening loop, slowly' }).waitFor()
      await page.getByText('With a flat tyre.').waitFor()

      const sharing = page.getByRole('region', { name: 'Who sees this ride' })
      await sharing.getByRole('button', { name: 'Share by a link' }).click()
      await sharing.getByRole('button', { name: 'Make the link' }).click()
      const link = await sharing.getByRole('textbox', { name: 'The link' }).inputValue()
      const strangersMap = mapPane(strangers)
      await strangers.goto(link)
      await strangers.getByRole('heading', { level: 1, name: 'Evening loop, slowly' }).waitFor()
      await strangersMap.toShowARoute()
      // Home is hidden: he sees less of the way, and nothing within reach of the place.
      const ofOwner = await boundingOf(page, rideId)
      const ofStranger = await boundingOf(strangers, rideId, link.split('#share=')[1])
      expect(ofStranger.pointCount).toBeLessThan(ofOwner.pointCount)
      expect(nearestTo(start, ofStranger.places)).toBeGreaterThan(100)
      expect(nearestTo(start, ofOwner.places)).toBeLessThan(30)
      await sharing.getByRole('button', { name: /^Take back the link/ }).click()
      await sharing.getByRole('group').getByRole('button', { name: 'Take back' }).click()
      await page.getByTestId('announcements').getByText('The link is taken back.').waitFor()
      await strangers.reload()
      await strangers.getByRole('heading', { name: 'There is no such ride' }).waitFor()

      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: 'GPX' }).click()
      const file = await (await download).path()
      expect((await download).suggestedFilename()).toMatch(/Evening loop, slowly.*\.gpx$/)
      await page.goto(`${product.url}/import`)
      await page.getByLabel('Files to import').setInputFiles(file)
      // The ride that the file was made of is still there.
      await page.getByText('There is already a ride at this time').waitFor()
      await page.getByRole('button', { name: /^Import .* all the same$/ }).click()
      await page.getByTestId('import-summary').getByText('1 imported').waitFor()

      await page.goto(`${product.url}/history`)
      await page
        .getByRole('link', { name: /Evening loop, slowly/ })
        .first()
        .waitFor()
      await map.toSay('map-ready', 'true')
      await searchTheArea(page)
      await page
        .getByRole('link', { name: /Evening loop, slowly/ })
        .first()
        .waitFor()
      expect(new URL(page.url()).searchParams.get('within')).not.toBeNull()

      await page.goto(`${product.url}${address}`)
      await page.getByRole('button', { name: 'Delete this ride…' }).click()
      await page.getByLabel('Yes, delete this ride').check()
      await page.getByRole('button', { name: 'Delete for good' }).click()
      await page.getByTestId('shown-announcement').getByText('is deleted').waitFor()
      await page.goto(`${product.url}${address}`)
      await page.getByRole('heading', { name: 'There is no such ride' }).waitFor()
      // The browser complains of the answer that asks whether the file is to be imported all the same.
      expect(own).toEqual([expect.stringContaining('status of 409')])
      expect(complaints).toEqual([])
    } finally {
      await context.close()
    }
  })
})

/** A page of somebody who has just made an account. */
async function signedUp(context: BrowserContext, name: string): Promise<Page> {
  const { product } = visit
  const page = await context.newPage()
  await page.goto(`${product.url}/sign-in`)
  await page.getByRole('button', { name: 'Make one' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(`${name}@example.org`)
  await page.getByLabel('Password').fill('a long enough password')
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('link', { name: `Account of ${name}` }).waitFor()
  return page
}

/** Each call: a metre further north. */
function moves(context: BrowserContext): () => Promise<void> {
  let steps = 0
  return async () => {
    steps += 1
    const latitude = start.latitude + steps * stepMetres * degreesPerMetre
    await context.setGeolocation({ ...start, latitude, accuracy: 5 })
  }
}

/** Of forty minutes, from home and back. */
function gpx(name: string): string {
  const startedAt = Date.now() - 24 * 3_600_000
  return writeGpx({ ...simulateRide({ seed: 7, start, startedAt, duration: 2_400, interval: 1 }), name })
}

interface Answers {
  readonly ride: {
    readonly status: string
    readonly events: { readonly nodes: readonly { readonly positions: readonly { readonly at: string }[] }[] }
    readonly streams: Readonly<Record<'time' | 'distance' | 'latitude' | 'longitude' | 'heartRate', number[]>>
    readonly route: {
      readonly pointCount: number
      readonly geometry: { readonly coordinates: readonly (readonly [number, number])[][] }
    }
  }
}

/** As the page itself asks, with who is signed in on it. */
async function ask(
  page: Page,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answers> {
  const question = JSON.stringify({ query, variables })
  const text = await page.evaluate<string>(`fetch('/graphql', {
    method: 'POST',
    headers: ${JSON.stringify({ 'content-type': 'application/json', ...headers })},
    body: ${JSON.stringify(question)},
  }).then((response) => response.text())`)
  const answer: { data?: Answers; errors?: unknown } = JSON.parse(text)
  if (answer.data === undefined || answer.errors !== undefined) throw new Error(text)
  return answer.data
}

async function boundingOf(page: Page, id: string, rideShare?: string) {
  const { ride } = await ask(
    page,
    'query ($id: ID!) { ride(id: $id) { route { pointCount geometry } } }',
    { id },
    rideShare === undefined ? {} : { 'ride-share': rideShare },
  )
  const { pointCount, geometry } = ride.route
  return { pointCount, places: geometry.coordinates.flat() }
}

/** Metres, on a plane about the place. */
function nearestTo(
  { latitude, longitude }: typeof start,
  places: readonly (readonly [number, number])[],
): number {
  const east = Math.cos((latitude * Math.PI) / 180)
  return Math.min(
    ...places.map(([x, y]) => Math.hypot((x - longitude) * east, y - latitude) / degreesPerMetre),
  )
}

function nearest(values: readonly number[], wanted: number): number {
  let best = 0
  for (const [index, value] of values.entries()) {
    if (Math.abs(value - wanted) < Math.abs(values[best]! - wanted)) best = index
  }
  return best
}

/** Of `1:02:03` or `2:03`. */
function secondsOf(clock: string): number {
  return clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)
}

/** Of a map that shows more than what was found, so that it is found again. */
async function searchTheArea(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Zoom out' }).click()
  await page.getByRole('button', { name: 'Search this area' }).click()
}
