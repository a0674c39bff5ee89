/** What the map draws and how it is used, with either library, on a stage of its own: no product and no network. */
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { flatView } from '../../web/map/flat-view.ts'
import type { Place } from '../../web/map/glide.ts'
import { palettes } from '../../web/map/palette.ts'
import { eventually } from '../support/eventually.ts'
import {
  chromiumPath,
  complaintsOf,
  countPixels,
  openBrowser,
  openWindow,
  withoutChromium,
} from './chromium.ts'
import { type MapPane, mapPane } from './map-pane.ts'
import { type StageServer, serveStage } from './map-stage.ts'
import { playMapbox } from './mapbox-service.ts'

const executable = chromiumPath()
const camera = { longitude: 7.44, latitude: 46.95, zoom: 13 }
let [server, browser, context, page, map]: [StageServer?, Browser?, BrowserContext?, Page?, MapPane?] = []

beforeAll(async () => {
  if (executable === undefined) return
  server = await serveStage()
  browser = await openBrowser(executable)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})
afterEach(() => context?.close())

describe.each(['maplibre', 'mapbox'] as const)('the map of %s', (library) => {
  let complaints: string[] = []
  beforeEach(async (test) => {
    if (browser === undefined || server === undefined) return test.skip(withoutChromium)
    context = await openWindow(browser)
    page = await context.newPage()
    map = mapPane(page)
    complaints = complaintsOf(page)
    const mapboxAccessToken = library === 'mapbox' ? 'pk.eyJ1IjoidGVzdCIsImEiOiJ0ZXN0In0.dGVzdA' : null
    await page.route('**/config.json', (route) => route.fulfill({ json: { mapboxAccessToken } }))
    await playMapbox(page, 200)
    await page.goto(server.url)
    await page.evaluate(`stage.open(${JSON.stringify(camera)})`)
    await map.toSay('map-ready', 'true')
    await map.toSay('map-library', library)
  })

  /** Waits until so many pixels of this colour are seen. */
  function toShow(what: string, colour: string, pixels: number): Promise<unknown> {
    return eventually(what, async () => (await countPixels(browser!, await map!.picture(), colour)) >= pixels)
  }

  it('draws a route in the colours of its legs, its gaps, and the part that is picked out', async () => {
    await page!.evaluate(`stage.map.setRoute({
      lines: [[[7.41, 46.95], [7.42, 46.95], [7.43, 46.95]], [[7.45, 46.95], [7.47, 46.95]]],
      colours: [['#0000ff', '#ff00ff'], ['#0000ff']],
      marks: [{ place: [7.42, 46.95], label: '1' }],
    })`)
    await map!.toSay('route-colours', '2')
    await map!.toSay('gap-count', '1')
    await toShow('the first and the last leg', '#0000ff', 800)
    await toShow('the second leg', '#ff00ff', 200)
    await toShow('the gap', palettes.light.gap, 60)
    await page!.evaluate('stage.map.setStretch([[[7.455, 46.95], [7.465, 46.95]]])')
    await toShow('the part that is picked out', palettes.light.stretch, 400)
    expect(complaints).toEqual([])
  })

  it('shows what lies upon it where it is: spots by name, and the pointer of a chart', async () => {
    await page!.evaluate(
      `stage.map.setSpots([{ place: [7.45, 46.95], colour: '#ff0000', label: 'No accuracy' }])`,
    )
    await toShow('the spot', '#ff0000', 20)
    const at = flatView(camera, 1280, 800).project([7.45, 46.95])
    await page!.mouse.move(at.x, at.y)
    await toShow('its name', palettes.light.label, 400)
    await page!.evaluate('stage.map.setPointer([7.43, 46.955])')
    await map!.toSay('pointer', '46.955000,7.430000')
    await toShow('the pointer', palettes.light.pointer, 80)
    await page!.evaluate('stage.map.setPointer(null)')
    await eventually('the pointer to go', async () => (await map!.says('pointer')) === null)
  })

  it('puts its overlay exactly where the library draws', async () => {
    for (const seen of [
      camera,
      { longitude: -179.9, latitude: -41.3, zoom: 9.37 },
      { longitude: 15, latitude: 68, zoom: 4.6 },
    ]) {
      await page!.evaluate(`stage.map.setCamera(${JSON.stringify(seen)})`)
      const view = flatView(seen, 1280, 800)
      for (const [x, y] of [
        [20, 30],
        [640, 400],
        [1_100, 700],
      ] as const) {
        await page!.mouse.move(x, y)
        await eventually(`the place at ${x}, ${y}`, async () => {
          const place = await page!.evaluate<Place>('stage.point')
          const at = view.project(place)
          expect(Math.hypot(at.x - x, at.y - y)).toBeLessThan(0.6)
          return true
        })
      }
    }
  })

  it('tells whose route is pointed at and clicked', async () => {
    await page!.evaluate(`stage.map.setRoutes([
      { rideId: 'one', lines: [[[7.41, 46.955], [7.47, 46.955]]] },
      { rideId: 'two', lines: [[[7.41, 46.945], [7.47, 46.945]]] },
    ], 'one')`)
    await toShow('both', palettes.light.route, 1_500)
    const { x, y } = flatView(camera, 1280, 800).project([7.44, 46.945])
    await eventually('the second to be pointed at', async () => {
      await page!.mouse.move(x, y + 40)
      await page!.mouse.move(x, y)
      return (await page!.evaluate('stage.hoveredRoute')) === 'two'
    })
    await page!.mouse.click(x, y)
    expect(await page!.evaluate('stage.clicked')).toEqual(['two'])
    await page!.mouse.move(x, y + 60)
    await eventually('none', async () => (await page!.evaluate('stage.hoveredRoute')) === null || null)
  })

  it('shows many riders in one place as one, and looks into it when that is clicked', async () => {
    await page!.evaluate(`stage.map.setRides(Array.from({ length: 60 }, (_, index) => ({
      rideId: 'ride-' + index, version: 1, status: 'active', label: null, place: [7.44 + (index % 10) * 0.0002, 46.95 + Math.floor(index / 10) * 0.0002],
      through: [], isSetDown: false, heading: null,
    })))`)
    await map!.toSay('marker-count', '60')
    await map!.toSay('cluster-count', '1')
    const { x, y } = flatView(camera, 1280, 800).project([7.4409, 46.9505])
    await page!.mouse.click(x, y)
    await map!.toSay('cluster-count', '0')
    await eventually('the camera to rest', () => page!.evaluate<boolean | undefined>('stage.moved.at(-1)'))
  })

  it('zoomed on its way somewhere, zooms there', async () => {
    const box = JSON.stringify({ west: 14.4, south: 46, east: 14.6, north: 46.1 })
    const seen = () =>
      page!.evaluate<{ middle: Place; east: number; west: number }>(
        '({ middle: stage.map.middle(), ...stage.map.bounds() })',
      )
    await page!.evaluate(`stage.map.fitBounds(${box}, { animate: false })`)
    const there = await seen()
    await page!.evaluate(`stage.map.setCamera(${JSON.stringify(camera)})`)
    await page!.evaluate(`stage.map.fitBounds(${box}, { animate: true }), stage.map.zoomBy(-1)`)
    await eventually('the camera to rest', () => page!.evaluate<boolean | undefined>('stage.moved.at(-1)'))
    const { middle, east, west } = await seen()
    expect([middle[0].toFixed(4), middle[1].toFixed(4)]).toEqual(
      there.middle.map((value) => value.toFixed(4)),
    )
    expect((east - west) / (there.east - there.west)).toBeCloseTo(2, 3)
  })

  it('is used by the keyboard, and is named', async () => {
    await page!.keyboard.press('Tab')
    const focused = page!.getByRole('application', { name: 'Map: arrow keys move it, plus and minus zoom' })
    expect(await focused.evaluate((element) => element.matches(':focus-visible'))).toBe(true)
    const before = await page!.evaluate<Place>('stage.map.middle()')
    await page!.keyboard.press('ArrowRight')
    await eventually(
      'it to move',
      async () => (await page!.evaluate<Place>('stage.map.middle()'))[0] > before[0],
    )
    const { west, east } = await page!.evaluate<{ west: number; east: number }>('stage.map.bounds()')
    await eventually('it to zoom', async () => {
      await page!.keyboard.press('+')
      const box = await page!.evaluate<{ west: number; east: number }>('stage.map.bounds()')
      return box.east - box.west < (east - west) * 0.6
    })
    expect(await page!.evaluate('stage.moved.at(-1)')).toBe(true)
    await page!.addScriptTag({ content: await readFile('node_modules/axe-core/axe.min.js', 'utf8') })
    const faults = await page!.evaluate<string[]>(
      `axe.run('.map-pane').then(({ violations }) => violations.map(({ id, help }) => id + ': ' + help))`,
    )
    expect(faults).toEqual([])
  })
})
