/** The page of rides in progress, as somebody watches two riders on it who record through the API. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { toHaveFocus } from './focus.ts'
import { mapPane } from './map-pane.ts'
import { type Rider, startRide } from './rider.ts'
import { visits } from './visit.ts'

const visit = visits({ env: withSignIn })

function inProgress(page: Page) {
  return page.getByRole('list', { name: 'Rides in progress' })
}

/** The row of a ride among those in progress. */
function rowOf(page: Page, title: RegExp) {
  return inProgress(page).getByRole('link', { name: title })
}

function chip(page: Page, name: string) {
  return page.getByRole('group', { name: 'Show rides by status' }).getByRole('button', { name })
}

/** With a ride of Žiga and one of Berta, 15 km east of him, whose riders have sent five fixes. */
async function withTwoRides(use: (ziga: Rider, berta: Rider) => Promise<void>): Promise<void> {
  const { product } = visit
  const [first, second] = await Promise.all([asRider(product, 'Žiga'), asRider(product, 'Berta')])
  const ziga = await startRide(product.url, 'Around the lake', first)
  const berta = await startRide(product.url, 'To work', { ...second, eastwards: 0.2 })
  try {
    await Promise.all([ziga.record(5), berta.record(5)])
    await use(ziga, berta)
  } finally {
    await Promise.allSettled([ziga.end(), berta.end()])
  }
}

describe.each([
  [1280, 800],
  [390, 844],
])('on a screen of %d × %d', (width, height) => {
  it(
    'one sees riders move, finds one, watches him closely, and sees his ride finished',
    { timeout: 90_000 },
    () =>
      withTwoRides(async (ziga) => {
        const { product, page, map, complaints } = visit
        await page.setViewportSize({ width, height })
        await page.goto(product.url)
        await map.toSay('marker-count', '2')
        await eventually('both trails', async () => Number(await map.says('trail-points')) === 10)
        await chip(page, '2 Active').waitFor()

        const zoom = async () => Number((await map.says('camera'))?.split(',')[2])
        const whole = await eventually('both on the map', async () => (await zoom()) || null)
        const search = page.getByRole('searchbox')
        await search.fill('ziga')
        await rowOf(page, /To work/).waitFor({ state: 'detached' })
        await map.toSay('marker-count', '1')
        await chip(page, '1 Active').waitFor()
        await eventually('what is left to be framed', async () => (await zoom()) > whole + 1)
        const before = await map.marker()
        await ziga.record(20)
        await eventually('the marker to go north-east', async () => {
          const { latitude, longitude } = await map.marker()
          return latitude > before.latitude + 0.001 && longitude > before.longitude + 0.001
        })
        await search.fill('')
        await rowOf(page, /To work/).waitFor()
        await eventually('both to be framed again', async () => (await zoom()) < whole + 0.5)

        await rowOf(page, /Around the lake/).click()
        const card = page.getByRole('region', { name: 'Around the lake' })
        await card.getByText('Žiga').waitFor()
        expect(new URL(page.url()).searchParams.get('ride')).toBe(ziga.rideId)
        // Whoever comes by the keyboard goes on from the card.
        await toHaveFocus(card.getByRole('heading', { name: 'Around the lake' }))
        await card.getByRole('button', { name: 'Follow' }).click()
        await eventually('his ride from closer by', async () => (await zoom()) > whole + 1)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)

        await ziga.pause()
        await card.getByText('Paused').waitFor()
        await chip(page, '1 Paused').waitFor()
        await ziga.end()
        await card.getByText('Finished').waitFor()
        await map.toShowARoute()
        await card.getByRole('button', { name: 'Close' }).click()
        await card.waitFor({ state: 'detached' })
        await rowOf(page, /Around the lake/).waitFor({ state: 'detached' })
        await chip(page, '1 Ended').waitFor()
        await page
          .getByRole('region', { name: 'Latest rides' })
          .getByRole('link', { name: /Around the lake/ })
          .first()
          .getByText('Finished')
          .waitFor()
        expect(complaints).toEqual([])
      }),
  )
})

describe('the live page', () => {
  it('is shown to another by its address: what is sought, the order, and the chosen ride', () =>
    withTwoRides(async (ziga) => {
      const { product, browser, page, map, complaints } = visit
      await page.goto(product.url)
      await page.getByRole('searchbox').fill('lake')
      await chip(page, 'Active').click()
      await page.getByLabel('Order').selectOption('By rider')
      await rowOf(page, /Around the lake/).click()
      await page.getByRole('region', { name: 'Around the lake' }).waitFor()
      await map.toSay('marker-count', '1')

      const context = await browser.newContext()
      try {
        const other = await context.newPage()
        await other.goto(page.url())
        await other.getByRole('region', { name: 'Around the lake' }).getByText('Žiga').waitFor()
        expect(await other.getByRole('searchbox').inputValue()).toBe('lake')
        expect(await chip(other, 'Active').getAttribute('aria-pressed')).toBe('true')
        expect(await other.getByLabel('Order').inputValue()).toBe('rider')
        await mapPane(other).toSay('marker-count', '1')
        expect(new URL(other.url()).searchParams.get('ride')).toBe(ziga.rideId)
      } finally {
        await context.close()
      }
      await page.goBack()
      await page.getByRole('region', { name: 'Around the lake' }).waitFor({ state: 'detached' })
      expect(complaints).toEqual([])
    }))

  it('calls a ride stale when nothing was heard of it for a minute, whatever the clock of the browser says', () =>
    withTwoRides(async (ziga) => {
      const { product, page, complaints } = visit
      // A day ahead of the server.
      await page.clock.install({ time: Date.now() + 24 * 3_600_000 })
      await page.goto(product.url)
      const row = rowOf(page, /Around the lake/)
      await row.getByText('Active').waitFor()
      await chip(page, '0 Stale').waitFor()
      await page.clock.fastForward(61_000)
      await row.getByText('Stale').waitFor()
      await row.getByText('1 min ago').waitFor()
      await chip(page, '2 Stale').waitFor()
      await chip(page, 'Stale').click()
      await rowOf(page, /To work/).waitFor()

      await ziga.record(5)
      await row.waitFor({ state: 'detached' })
      await chip(page, '1 Stale').waitFor()
      await chip(page, 'Live').click()
      await row.getByText('Active').waitFor()
      expect(complaints).toEqual([])
    }))

  it('is walked with the arrow keys, and left with one Tab', () =>
    withTwoRides(async () => {
      const { product, page, complaints } = visit
      await page.goto(product.url)
      const newest = rowOf(page, /To work/)
      await newest.waitFor()
      await chip(page, 'Ended').focus()
      await page.keyboard.press('Tab')
      await toHaveFocus(newest)
      await page.keyboard.press('ArrowDown')
      await toHaveFocus(rowOf(page, /Around the lake/))
      await page.keyboard.press('Home')
      await toHaveFocus(newest)
      await page.keyboard.press('Enter')
      const card = page.getByRole('region', { name: 'To work' })
      await card.waitFor()
      await page.keyboard.press('Escape')
      await card.waitFor({ state: 'detached' })
      await toHaveFocus(newest)
      await page.keyboard.press('Tab')
      await inProgress(page).locator(':focus').waitFor({ state: 'detached' })
      expect(complaints).toEqual([])
    }))

  it('lets go of what it kept in view where one moves the map, and takes it up again', () =>
    withTwoRides(async (ziga) => {
      const { product, page, map, complaints } = visit
      await page.goto(`${product.url}/?ride=${ziga.rideId}&keep=ride`)
      const following = page.getByRole('button', { name: 'Following', exact: true })
      await following.waitFor()
      const widthOf = async (button: Locator) => (await button.boundingBox())?.width
      const width = await widthOf(following)
      await map.toSay('marker-count', '2')
      await page.mouse.move(900, 300)
      await page.mouse.down()
      await page.mouse.move(700, 200, { steps: 5 })
      await page.mouse.up()
      await page.waitForURL(/[?&]map=/)
      const follow = page.getByRole('button', { name: 'Follow', exact: true })
      await follow.waitFor()
      // Nothing beside it moves.
      expect(await widthOf(follow)).toBe(width)
      await page.getByRole('button', { name: 'Re-centre' }).click()
      await page.getByRole('button', { name: 'Following' }).waitFor()
      await page.waitForURL(`${product.url}/?ride=${ziga.rideId}&keep=ride`)
      expect(complaints).toEqual([])
    }))

  it('says what the matter is where its ride is none, and where the server does not show it any', async () => {
    const { product, page, complaints } = visit
    await page.goto(`${product.url}/?ride=00000000-0000-4000-8000-000000000000`)
    const card = page.getByRole('region', { name: 'This ride cannot be shown' })
    await card.waitFor()
    await card.getByRole('button', { name: 'Close' }).click()
    await page.waitForURL(`${product.url}/`)

    let isRefusing = true
    await page.routeWebSocket(/graphql/, (socket) => {
      const server = socket.connectToServer()
      socket.onMessage((message) => {
        const { id, payload } = JSON.parse(String(message)) as { id?: string; payload?: { query?: string } }
        if (!isRefusing || payload?.query?.includes('liveRides') !== true) return server.send(message)
        const refusal = { message: 'No', extensions: { code: 'FORBIDDEN' } }
        socket.send(JSON.stringify({ id, type: 'error', payload: [refusal] }))
      })
    })
    await page.reload()
    await page.getByRole('heading', { name: 'You may not see the live rides' }).waitFor()
    await page.getByRole('alert').getByRole('link', { name: 'Sign in' }).waitFor()
    isRefusing = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'You may not see the live rides' }).waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('says that it is offline, and misses nothing', () =>
    withTwoRides(async (ziga) => {
      const { product, context, page, map } = visit
      await page.goto(product.url)
      await map.toSay('trail-points', '10')
      await map.toHaveItsWorkers()
      await context.setOffline(true)
      await product.kill()
      await page.getByText('You are offline.').waitFor()
      await product.restart()
      await ziga.record(30)
      await context.setOffline(false)
      await page.getByText('You are offline.').waitFor({ state: 'hidden' })
      await map.toSay('trail-points', '40')
      await rowOf(page, /Around the lake/)
        .getByText('Active')
        .waitFor()
    }))
})
