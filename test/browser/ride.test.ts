/** The page of a finished ride: its charts and its map show one thing, and its rider changes it by hand. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { planOf } from '#recordings/plan.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { advance, runningOf } from '../../web/ride/playback.ts'
import type { Samples } from '../../web/ride/samples.ts'
import { statisticsOf } from '../../web/ride/stretch.ts'
import { formatDistance, formatDuration, formatElevation, formatSpeed } from '../../web/rides/format.ts'
import { type ApiClient, connect } from '../api/client.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { openWindow } from './chromium.ts'
import { mapPane } from './map-pane.ts'
import { visits } from './visit.ts'

let hilly = ''
let samples: Samples

const visit = visits({}, async ({ url }) => {
  await using rider = connect(url)
  hilly = await ridden(rider, 'Over the hills')
  samples = await samplesOf(rider, hilly)
})

const begin = Date.parse('2026-05-31T08:00:00Z')

/** Forty minutes with heart rate, power and pauses, and one position that cannot be. */
async function ridden(rider: ApiClient, title: string, visibility = 'PUBLIC'): Promise<string> {
  const rideId = randomUUID()
  const start = { latitude: 46.62, longitude: 7.05 }
  const recording = simulateRide({ seed: 7, start, startedAt: begin, duration: 2_400 })
  let uploads = 0
  for (const step of planOf(recording, 600_000).steps) {
    const at = 'at' in step ? new Date(step.at).toISOString() : ''
    if (step.kind === 'start') await rider.mutate('startRide', { rideId, title, startedAt: at, visibility })
    else if (step.kind !== 'upload') await rider.mutate(`${step.kind}Ride`, { rideId, at })
    else {
      const positions = step.positions.map((each) => ({ ...each, at: new Date(each.at).toISOString() }))
      if (uploads++ === 0 && positions[90] !== undefined) positions[90] = { ...positions[90], latitude: 47.2 }
      await rider.mutate('recordPositions', { rideId, positions })
    }
  }
  await eventually('the ride to be finished', async () => {
    const { data } = await rider.ask('query ($id: ID!) { ride(id: $id) { status } }', { id: rideId })
    return data?.['ride']?.['status'] === 'FINISHED'
  })
  return rideId
}

async function samplesOf(rider: ApiClient, id: string): Promise<Samples> {
  const { data } = await rider.ask(
    `query ($id: ID!) { ride(id: $id) { streams(resolution: 2000) {
       time distance movingTime movingDistance elevationGain segment latitude longitude altitude speed heartRate cadence power originalSize } } }`,
    { id },
  )
  return data?.['ride']?.['streams'] as Samples
}

async function open(page: Page, url: string, path = `/rides/${hilly}`): Promise<void> {
  await page.goto(url + path)
  await page.locator('.u-over').first().waitFor()
}

/** Of the readout, by name. */
async function readout(page: Page): Promise<Record<string, string>> {
  const values = await page.locator('.readout [data-value]').all()
  const read = values.map(async (each) => [
    await each.getAttribute('data-value'),
    (await each.locator('dd').innerText()).replace(/\s+/g, ' ').trim(),
  ])
  return Object.fromEntries(await Promise.all(read))
}

const inLine = ({ value, unit }: { value: string; unit: string }) => `${value} ${unit}`

/** Waits until the readout says this, among others. */
async function toRead(page: Page, wanted: Readonly<Record<string, unknown>>): Promise<void> {
  await eventually('the readout', async () => {
    expect(await readout(page)).toMatchObject(wanted)
    return true
  })
}

const chartsOf = (page: Page) => page.getByRole('slider', { name: /Charts of the ride/ })

/**
 * Points at a place of the charts: 0 at their left, 1 at their right.
 *
 * @returns the sample that they are at then: under the pointer, to a hundredth of the ride.
 */
async function pointTo(page: Page, share: number): Promise<number> {
  const box = (await page.locator('.u-over').first().boundingBox())!
  await page.mouse.move(box.x + share * (box.width - 1), box.y + box.height / 2, { steps: 5 })
  return eventually('the charts to be where one points', async () => {
    const index = Number(await chartsOf(page).getAttribute('aria-valuenow'))
    const along = (samples.distance[index] ?? 0) / samples.distance.at(-1)!
    return Math.abs(along - share) < 0.01 ? index : undefined
  })
}

describe.each([
  ['on a wide screen', 1280, 800],
  ['on a phone', 390, 844],
])('the charts %s', (_, width, height) => {
  it('and the map are at the place that the streams have, wherever one points', async () => {
    const { product, page, map, complaints } = visit
    await page.setViewportSize({ width, height })
    await open(page, product.url)
    await map.toShowARoute()
    if (width < 720) {
      const mapHeight = async () => (await page.getByTestId('map').boundingBox())?.height ?? 0
      expect(await mapHeight()).toBeLessThan(height * 0.3)
      await page.getByRole('button', { name: 'Enlarge the map' }).click()
      expect(await mapHeight()).toBeGreaterThan(height * 0.6)
      await page.getByRole('button', { name: 'Enlarge the map' }).click()
    }
    await page.locator('.u-over').first().scrollIntoViewIfNeeded()
    for (let place = 0; place < 10; place++) {
      const index = await pointTo(page, (place + 0.5) / 10)
      const wanted = {
        distance: inLine(formatDistance(samples.distance[index], 'metric')),
        time: formatDuration(samples.time[index]),
        altitude: inLine(formatElevation(samples.altitude[index], 'metric')),
        speed: inLine(formatSpeed(samples.speed[index], 'metric')),
        heartRate: `${samples.heartRate[index] ?? '–'} bpm`,
        power: `${samples.power[index] ?? '–'} W`,
      }
      await toRead(page, wanted)
      if (samples.latitude[index] !== null) {
        const [latitude, longitude] = [samples.latitude[index]!, samples.longitude[index]!]
        await map.toSay('pointer', `${latitude.toFixed(6)},${longitude.toFixed(6)}`)
      }
    }
    expect(complaints).toEqual([])
  })

  it('sum up the stretch that is drawn over them, show it on the map, and let it go', async () => {
    const { product, page, map, complaints } = visit
    await page.setViewportSize({ width, height })
    await open(page, product.url)
    await map.toShowARoute()
    await page.locator('.u-over').first().scrollIntoViewIfNeeded()
    const slider = chartsOf(page)
    const from = await pointTo(page, 0.3)
    await page.mouse.down()
    const to = await pointTo(page, 0.6)
    await page.mouse.up()
    const statistics = statisticsOf(samples, { from, to })
    await toRead(page, {
      distance: inLine(formatDistance(statistics.distance, 'metric')),
      time: formatDuration(statistics.elapsedTime),
      movingTime: formatDuration(statistics.movingTime),
      speed: inLine(formatSpeed(statistics.averageSpeed, 'metric')),
      climb: inLine(formatElevation(statistics.elevationGain, 'metric')),
      // The page has only some of the samples.
      heartRate: `≈ ${Math.round(statistics.averageHeartRate!)} bpm`,
      power: `≈ ${Math.round(statistics.averagePower!)} W`,
    })
    await eventually('it on the map', async () => Number(await map.says('stretch-points')) > 10)
    await slider.press('Escape')
    await eventually('none on the map', async () => !Number(await map.says('stretch-points')))
    await slider.press('Shift+ArrowRight')
    await page.getByText('≈ estimated').waitFor()
    // While it is played back one reads where it is, and after that the stretch again.
    await page.getByRole('button', { name: 'Play the ride back' }).click()
    await eventually('what is measured there', async () => 'altitude' in (await readout(page)))
    await page.getByRole('button', { name: 'Pause the playback' }).click()
    expect(await readout(page)).toHaveProperty('movingTime')
    const [split] = await page.getByRole('row', { name: /^3 / }).getByRole('cell').allInnerTexts()
    await page.getByRole('button', { name: '3', exact: true }).click()
    await toRead(page, { distance: '1.00 km', movingTime: split })
    await page.getByRole('button', { name: 'Whole ride' }).click()
    expect(await readout(page)).not.toHaveProperty('movingTime')
    expect(complaints).toEqual([])
  })
})

it('is played back at the speed that is chosen, over its pauses, until it is paused', async () => {
  const { product, page, complaints } = visit
  await page.clock.install()
  await open(page, product.url)
  await page.clock.pauseAt(Date.now() + 60_000)
  await page.getByRole('combobox', { name: 'Playback speed' }).selectOption('60')
  const at = () => page.getByRole('slider', { name: 'Moment of the ride' }).inputValue().then(Number)
  await page.getByRole('button', { name: 'Play the ride back' }).click()
  await page.clock.runFor(5_000)
  // Five seconds of ours are five minutes of his timer. A frame or two is not counted: 16 ms are a second of the ride.
  const running = runningOf(samples)
  expect(await at()).toBeGreaterThan(advance(running, 0, 290))
  expect(await at()).toBeLessThan(advance(running, 0, 305))
  await page.getByRole('button', { name: 'Pause the playback' }).click()
  const paused = await at()
  await page.clock.runFor(5_000)
  expect(await at()).toBe(paused)
  expect(complaints).toEqual([])
})

it('is coloured by what was measured, and the address says by what', async () => {
  const { product, page, map, complaints } = visit
  let giveMap = () => {}
  const mapGiven = new Promise<void>((resolve) => {
    giveMap = resolve
  })
  await page.route('**/assets/rider-map-*.js', (route) => mapGiven.then(() => route.continue()))
  await page.goto(`${product.url}/rides/${hilly}`)
  await page.getByRole('status').getByText('Loading the map…').waitFor()
  giveMap()
  await page.getByRole('button', { name: 'Why no streets?' }).click()
  await page.getByRole('note').getByText('MAPBOX_ACCESS_TOKEN').waitFor()
  await eventually(
    'all of the map',
    async () => (await map.says('map-ready')) && !(await map.says('missing')),
  )
  await page.locator('.map-to-come p').waitFor({ state: 'detached' })
  const colours = async () => Number(await map.says('route-colours'))
  await eventually('a route in colours', async () => (await colours()) > 10)
  await page.getByRole('img', { name: /The colours go from .* km\/h to .* km\/h/ }).waitFor()
  await page.getByRole('combobox', { name: 'Route by' }).selectOption({ label: 'Heart rate' })
  await page.waitForURL(/colour=heartRate/)
  await page.getByRole('img', { name: /The colours go from .* bpm/ }).waitFor()
  await page.getByRole('combobox', { name: 'Route by' }).selectOption({ label: 'Plain' })
  await eventually('one colour', async () => (await colours()) <= 1)
  await page.reload()
  expect(await page.getByRole('combobox', { name: 'Route by' }).inputValue()).toBe('plain')
  await eventually('kilometres', async () => Number(await map.says('mark-count')) > 5)
  await page.getByText('1 position was left out').click()
  await page.getByText('1 too far away to have been ridden').waitFor()
  await page.getByLabel('Show them on the map').check()
  await map.toSay('spot-count', '1')
  expect(complaints).toEqual([])
})

it('is edited by its rider, who is told when somebody else was faster; comes as files; and is deleted for good', async () => {
  const { product, page, complaints } = visit
  await using rider = connect(product.url)
  const rideId = await ridden(rider, 'Badly named')
  await page.goto(`${product.url}/history?text=badly`)
  await page.getByRole('link', { name: /^Badly named/ }).click()
  await page.getByRole('link', { name: 'History' }).last().waitFor()
  await page.getByRole('button', { name: 'Edit title and description' }).click()
  await page.getByLabel('Title').fill('Well named')
  await rider.mutate('editRide', { rideId, title: 'Named elsewhere' })
  await page.getByRole('heading', { name: 'Named elsewhere' }).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('The ride was changed meanwhile').waitFor()
  await page.getByLabel('Description').fill('With a view.')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Well named' }).waitFor()
  await page.getByText('With a view.').waitFor()

  for (const [name, content] of [
    ['GPX', '<trkpt'],
    ['TCX', '<Trackpoint'],
    ['GeoJSON', 'LineString"'],
  ] as const) {
    const coming = page.waitForEvent('download')
    await page.getByRole('link', { name, exact: true }).click()
    const file = await coming
    expect(file.suggestedFilename()).toMatch(new RegExp(`${name}$`, 'i'))
    const text = await readFile(await file.path(), 'utf8')
    expect(text.includes(content), `${name} has ${content}`).toBe(true)
  }

  await page.getByRole('button', { name: 'Delete this ride' }).click()
  const deleting = page.getByRole('button', { name: 'Delete for good' })
  expect(await deleting.getAttribute('aria-disabled')).toBe('true')
  await deleting.press('Enter')
  await page.getByRole('alert').getByText('Tick the box first').waitFor()
  await page.getByLabel(/Yes, delete this ride/).check()
  await deleting.click()
  await page.getByTestId('shown-announcement').getByText('“Well named” is deleted.').waitFor()
  await page.waitForURL(`${product.url}/history?text=badly`)
  const { data } = await rider.ask('query ($id: ID!) { ride(id: $id) { id } }', { id: rideId })
  expect(data?.['ride']).toBeNull()
  expect(complaints).toEqual([])
})

it('is shown to a stranger by a link, without what lies in a zone, until it is taken back', async () => {
  const { browser } = visit
  await using others = await startProduct({ env: withSignIn })
  await using rider = connect(others.url, await asRider(others, 'Olga'))
  await rider.ask(
    `mutation { addPrivacyZone(input: { name: "Home", latitude: 46.62, longitude: 7.05, radius: 500 }) { __typename } }`,
  )
  const rideId = await ridden(rider, 'From home', 'PRIVATE')
  const { url, share } = (await rider.mutate('shareRide', { rideId }, 'url share { id }')) as {
    url: string
    share: { id: string }
  }
  await using window = await openWindow(browser)
  const page = await window.newPage()
  const map = mapPane(page)
  await open(page, others.url, url)
  await page.getByRole('heading', { name: 'From home' }).waitFor()
  await map.toShowARoute()
  await chartsOf(page).press('Home')
  const pointer = await eventually('the first place that is shown', () => map.says('pointer'))
  const [latitude = 0, longitude = 0] = pointer.split(',').map(Number)
  expect(Math.hypot((latitude - 46.62) * 111_195, (longitude - 7.05) * 76_400)).toBeGreaterThan(150)
  for (const name of ['Edit title and description', 'Delete this ride…', 'GPX'])
    expect(await page.getByText(name, { exact: true }).count()).toBe(0)
  await rider.mutate('unshareRide', { rideId, shareId: share.id })
  await rider.mutate('editRide', { rideId, title: 'Not any more' })
  await page.getByRole('heading', { name: 'This ride is no longer shown' }).waitFor()
  await map.toSay('route-points', '0')
})

it('shows all of it when it is finished, to whoever watched it, without being loaded anew; its rider ends it there', async () => {
  const { product, page, map, complaints } = visit
  await using rider = connect(product.url)
  const rideId = randomUUID()
  const at = (second: number) => new Date(Date.now() - 600_000 + second * 1_000).toISOString()
  await rider.mutate('startRide', { rideId, title: 'Under way', startedAt: at(0) })
  await page.goto(`${product.url}/rides/${rideId}`)
  const positions = Array.from({ length: 120 }, (_, second) => ({
    ...{ at: at(second), latitude: 46.6 + second * 5e-5, longitude: 7, altitude: 500 + second / 4 },
  }))
  await rider.mutate('recordPositions', { rideId, positions })
  await map.toSay('trail-points', '120')
  expect(await page.locator('.ride-drawer').count()).toBe(0)
  await page.getByRole('button', { name: /^End this ride/ }).click()
  await page.getByRole('button', { name: 'End it' }).click()
  await page.locator('.u-over').first().waitFor()
  await map.toShowARoute()
  await map.toSay('trail-points', '0')
  await page.getByText('Elevation gain').waitFor()
  expect(complaints).toEqual([])
})
