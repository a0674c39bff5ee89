/** Where there is a Mapbox token. Its service is played here: the tests need no network and no account. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { palettes } from '../../web/map/palette.ts'
import { eventually } from '../support/eventually.ts'
import { countPixels } from './chromium.ts'
import { type Rider, startRide } from './rider.ts'
import { visits } from './visit.ts'

const env = { MAPBOX_ACCESS_TOKEN: 'pk.eyJ1IjoidGVzdCIsImEiOiJ0ZXN0In0.dGVzdA' }
let rider: Rider

const visit = visits({ env }, async ({ url }) => {
  rider = await startRide(url, 'With a token')
  await rider.record(100)
  await rider.end()
})

it('Mapbox draws the map when its service accepts the token', async () => {
  const { product, browser, page, map, complaints } = visit
  await playMapbox(page, 200)
  await page.goto(`${product.url}/rides/${rider.rideId}`)
  await map.toSay('map-library', 'mapbox')
  await map.toShowARoute()
  await eventually(
    'the route to be seen',
    async () => (await countPixels(browser, await map.picture(), palettes.light.route)) > 400,
    { withinMs: 20_000 },
  )
  expect(complaints).toEqual([])
})

it('MapLibre draws the map when it refuses the token', async () => {
  const { product, page, map } = visit
  await playMapbox(page, 401)
  await page.goto(`${product.url}/rides/${rider.rideId}`)
  await map.toSay('map-library', 'maplibre')
  await map.toShowARoute()
})

/** A style of one colour, and silence for the rest of what Mapbox asks its own service. */
async function playMapbox(page: Page, status: number): Promise<void> {
  const style = {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#eeeeee' } }],
  }
  await page.route(/^https:\/\/[^/]*\.mapbox\.com\//, (route) =>
    route.request().url().includes('/styles/')
      ? route.fulfill({ status, json: status === 200 ? style : { message: 'Not Authorized' } })
      : route.fulfill({ status: 200, json: {} }),
  )
}
