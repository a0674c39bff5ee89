/** The pages themselves: their addresses, their looks, and the hands that use them. */
import { describe, expect, it } from 'vitest'
import { palettes } from '../../web/map/palette.ts'
import { eventually } from '../support/eventually.ts'
import { countPixels, openWindow } from './chromium.ts'
import { type Rider, startRide } from './rider.ts'
import { visits } from './visit.ts'

/** More than the list loads at once. */
const rideCount = 33
let finished: Rider

const visit = visits({}, async ({ url }) => {
  for (let index = 1; index < rideCount; index++) await (await startRide(url, `Ride ${index}`)).end()
  finished = await startRide(url, 'With a route')
  await finished.record(100)
  await finished.end()
})

describe('the list', () => {
  it('shows a handful of the latest, newest first, and leads to all of them', async () => {
    const { product, page, complaints } = visit
    await page.goto(product.url)
    await page.getByRole('heading', { name: 'Nobody is riding now' }).waitFor()
    const titles = page.locator('.row-title')
    await eventually('a handful', async () => (await titles.count()) === 8)
    expect(await titles.first().innerText()).toBe('With a route')
    await page.getByRole('link', { name: 'All rides' }).click()
    await page.waitForURL(`${product.url}/history`)
    expect(complaints).toEqual([])
  })

  it('is walked and opened with the keyboard alone', async () => {
    const { product, page, complaints } = visit
    await page.goto(product.url)
    await page.getByRole('link', { name: /With a route/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toContain('row')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'All rides' }).waitFor()
    expect(complaints).toEqual([])
  })
})

describe('the address', () => {
  it('shows another what one sees oneself', async () => {
    const { product, context, page, map, complaints } = visit
    const address = `${product.url}/rides/${finished.rideId}`
    await page.goto(address)
    await map.toShowARoute()
    await page.mouse.move(800, 400)
    await page.mouse.down()
    await page.mouse.move(600, 300, { steps: 5 })
    await page.mouse.up()
    await page.waitForURL(/[?&]map=/)
    await page.getByRole('button', { name: 'Re-centre' }).waitFor()

    const dragged = page.url()
    await page.getByRole('link', { name: 'All rides' }).click()
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await page.goBack()
    await page.waitForURL(dragged)

    const other = await context.newPage()
    await other.goto(dragged)
    await other.getByRole('button', { name: 'Re-centre' }).click()
    await other.waitForURL(address)
    expect(complaints).toEqual([])
  })
})

describe('the map', () => {
  it('is not made for a page that does not show one, and stands once another does', async () => {
    const { product, page, map, complaints } = visit
    const fetched = (name: RegExp) =>
      page
        .evaluate<string[]>("performance.getEntriesByType('resource').map(({ name }) => name)")
        .then((names) => names.filter((each) => name.test(each)))
    await page.goto(`${product.url}/settings`)
    // The last of the pages that are fetched when the browser has time.
    await eventually('all pages', async () => (await fetched(/stream-page/)).length > 0)
    expect(await fetched(/maplibre|rider-map|countries/)).toEqual([])
    await page.getByRole('link', { name: 'Live' }).click()
    await map.toSay('map-ready', 'true')
    expect(complaints).toEqual([])
  })
})

describe('the map of a ride', () => {
  it('shows all of the route also when the window has another size, until one moves it', async () => {
    const { product, page, map, complaints } = visit
    const zoom = async () => Number((await map.says('camera'))?.split(',')[2])
    await page.goto(`${product.url}/rides/${finished.rideId}`)
    await map.toShowARoute()
    const whole = await eventually('its zoom', async () => (await zoom()) || null)
    await page.setViewportSize({ width: 800, height: 400 })
    await eventually('all of it, smaller', async () => (await zoom()) < whole - 0.5)
    await page.setViewportSize({ width: 1280, height: 800 })
    await eventually('all of it, as before', async () => (await zoom()) === whole)

    await page.getByRole('button', { name: 'Zoom in' }).click()
    await eventually('it from closer by', async () => Math.abs((await zoom()) - whole - 1) < 0.02)
    await page.setViewportSize({ width: 800, height: 400 })
    await eventually('the map to be smaller', async () => {
      const canvas = await page.locator('.map canvas').first().boundingBox()
      return canvas !== null && canvas.height < 400
    })
    expect(await zoom()).toBeCloseTo(whole + 1)
    expect(complaints).toEqual([])
  })
})

describe('the page', () => {
  it('is dark where one chose so, the map included, and stays so', async () => {
    const { product, browser, page, map, complaints } = visit
    const address = `${product.url}/rides/${finished.rideId}?colour=plain`
    await page.goto(address)
    await map.toShowARoute()
    const land = async (colour: string) => countPixels(browser, await map.picture(), colour)
    await eventually('a light map', async () => (await land(palettes.light.land)) > 50_000)
    await page.getByRole('button', { name: /Change to light/ }).click()
    await page.getByRole('button', { name: /Change to dark/ }).click()
    const isDark = async () => {
      const picture = await map.picture()
      const route = await countPixels(browser, picture, palettes.dark.route)
      return route > 300 && (await countPixels(browser, picture, palettes.dark.land)) > 50_000
    }
    await eventually('a dark map with the route still on it', isDark)
    await page.reload()
    await eventually('a dark map again', isDark)
    expect(complaints).toEqual([])
  })

  it('says when a ride began by the clock where it was ridden, and which clock that is', async () => {
    const { product, browser } = visit
    await using inTokyo = await openWindow(browser, { timezoneId: 'Asia/Tokyo' })
    const there = await inTokyo.newPage()
    await there.goto(product.url)
    const row = there.getByRole('link', { name: /With a route/ })
    await row.getByText(/\d\d:\d\d CES?T$/).waitFor()
    await row.click()
    await there
      .getByRole('article')
      .getByText(/\d\d:\d\d CES?T$/)
      .waitFor()
  })

  it.each([
    [390, 844],
    [768, 1024],
    [2560, 1080],
  ])('fits a screen of %d × %d', async (width, height) => {
    const { product, page, map, complaints } = visit
    await page.setViewportSize({ width, height })
    for (const path of ['/', `/rides/${finished.rideId}`]) {
      await page.goto(product.url + path)
      await page.getByText('With a route').first().waitFor()
      await map.toSay('map-ready', 'true')
      // Neither to the side nor, beside the panel, down.
      for (const side of ['Width', 'Height']) {
        const overflow = `document.documentElement.scroll${side} - document.documentElement.client${side}`
        expect(await page.evaluate(overflow)).toBe(0)
      }
      const box = await page.getByTestId('map').boundingBox()
      expect(box?.width).toBeGreaterThan(width * 0.5)
      // On a phone the page of a ride is read: its map is enlarged by a button.
      expect(box?.height).toBeGreaterThan(height * (width < 721 && path !== '/' ? 0.25 : 0.35))
    }
    expect(complaints).toEqual([])
  })

  it('keeps its layout when the rides come', async () => {
    const { product, page, map } = visit
    await page.addInitScript(`
      window.shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    `)
    for (const path of ['/', `/rides/${finished.rideId}`]) {
      await page.goto(product.url + path)
      await page.getByText('With a route').first().waitFor()
      await map.toSay('map-ready', 'true')
      expect(await page.evaluate('window.shift')).toBeLessThan(0.05)
    }
  })
})

// Last, for it adds a ride to those that are counted above.
describe('the map of all rides', () => {
  it('brings a ride that starts far from what it shows into view, and keeps it there', async () => {
    const { product, browser, page, map, complaints } = visit
    await page.goto(product.url)
    await map.toSay('map-ready', 'true')
    await map.toShowARoute()
    const rider = await startRide(product.url, 'Far away', { eastwards: 40 })
    const isInView = async () => (await countPixels(browser, await map.picture(), palettes.light.active)) > 60
    await rider.record(5)
    await eventually('the marker to be seen', isInView)
    await page
      .getByRole('link', { name: /Far away/ })
      .getByText('Active')
      .waitFor()
    const from = await map.marker()
    // Some 14 km on, far beyond the edge of what was shown.
    for (let upload = 0; upload < 4; upload++) await rider.record(500)
    await eventually(
      'the marker to have gone there',
      async () => (await map.marker()).longitude > from.longitude + 0.15,
    )
    await eventually('the marker to be seen there', isInView)
    await rider.end()
    await eventually(
      'its route to be seen where it was watched',
      async () => (await countPixels(browser, await map.picture(), palettes.light.route)) > 400,
    )
    expect(complaints).toEqual([])
  })
})
