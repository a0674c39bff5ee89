/** Where there is a Mapbox token. Its service is played here: the tests need no network and no account. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { palettes } from '../../web/map/palette.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import {
  chromiumPath,
  complaintsOf,
  countPixels,
  openBrowser,
  openWindow,
  withoutChromium,
} from './chromium.ts'
import { mapPane } from './map-pane.ts'
import { type Rider, startRide } from './rider.ts'

const executable = chromiumPath()
let product: Product
let browser: Browser
let rider: Rider

beforeAll(async () => {
  if (executable === undefined) return
  const env = { MAPBOX_ACCESS_TOKEN: 'pk.eyJ1IjoidGVzdCIsImEiOiJ0ZXN0In0.dGVzdA' }
  ;[product, browser] = await Promise.all([startProduct({ env }), openBrowser(executable)])
  rider = await startRide(product.url, 'With a token')
  await rider.record(100)
  await rider.end()
})

afterAll(() => browser?.close())

beforeEach((test) => {
  if (executable === undefined) test.skip(withoutChromium)
})

it('Mapbox draws the map when its service accepts the token', async () => {
  await using context = await openWindow(browser)
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await playMapbox(page, 200)
  const map = mapPane(page)
  await page.goto(`${product.url}/rides/${rider.rideId}`)
  await map.toSay('map-library', 'mapbox')
  await eventually('the route', async () => Number(await map.says('route-points')) >= 2)
  await eventually(
    'the route to be seen',
    async () => (await countPixels(browser, await map.picture(), palettes.light.route)) > 400,
    { withinMs: 20_000 },
  )
  expect(complaints).toEqual([])
})

it('MapLibre draws the map when it refuses the token', async () => {
  await using context = await openWindow(browser)
  const page = await context.newPage()
  await playMapbox(page, 401)
  const map = mapPane(page)
  await page.goto(`${product.url}/rides/${rider.rideId}`)
  await map.toSay('map-library', 'maplibre')
  await eventually('the route', async () => Number(await map.says('route-points')) >= 2)
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
