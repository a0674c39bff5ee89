/** Where there is a Mapbox token. */
import { expect, it } from 'vitest'
import { palettes } from '../../web/map/palette.ts'
import { eventually } from '../support/eventually.ts'
import { countPixels } from './chromium.ts'
import { playMapbox } from './mapbox-service.ts'
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
  await page.goto(`${product.url}/rides/${rider.rideId}?colour=plain`)
  await map.toSay('map-library', 'mapbox')
  await map.toShowARoute()
  await eventually(
    'the route to be seen',
    async () => (await countPixels(browser, await map.picture(), palettes.light.route)) > 400,
  )
  expect(await page.getByText('refused this server’s access token').count()).toBe(0)
  expect(complaints).toEqual([])
})

it('MapLibre draws the map when it refuses the token, and the page says so until that is dismissed', async () => {
  const { product, page, map } = visit
  await playMapbox(page, 401)
  await page.goto(`${product.url}/rides/${rider.rideId}`)
  await map.toSay('map-library', 'maplibre')
  await map.toShowARoute()
  const note = page.getByRole('note').filter({ hasText: 'Mapbox refused this server’s access token' })
  await note.waitFor()
  expect(await note.textContent()).toContain('the built-in map, without streets, is shown instead')
  await note.getByRole('button', { name: 'Dismiss' }).click()
  await note.waitFor({ state: 'detached' })
})

it('nothing is said where the service is only out of reach', async () => {
  const { product, page, map } = visit
  await page.route(/^https:\/\/[^/]*\.mapbox\.com\//, (route) => route.abort())
  await page.goto(`${product.url}/rides/${rider.rideId}`)
  await map.toSay('map-library', 'maplibre')
  await map.toShowARoute()
  expect(await page.getByRole('note').count()).toBe(0)
})
