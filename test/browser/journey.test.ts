/** A ride, watched from beginning to end in a browser, against the whole product. */
import { describe, expect, it } from 'vitest'
import { palettes } from '../../web/map/palette.ts'
import { eventually } from '../support/eventually.ts'
import { countPixels } from './chromium.ts'
import { startRide } from './rider.ts'
import { visits } from './visit.ts'

const visit = visits()

describe('whoever opens the page', () => {
  it('is told how to make a first ride while there is none', async () => {
    const { product, page, complaints } = visit
    await page.goto(product.url)
    await page.getByRole('heading', { name: 'No rides yet' }).waitFor()
    await page.getByText(`npm run ride -- FILE --speed 60 --url ${product.url}`).waitFor()
    expect(complaints).toEqual([])
  })

  it('watches a ride move without a reload, and sees its route when it is over', async () => {
    const { product, browser, page, map, complaints } = visit
    await page.goto(product.url)
    await map.toSay('map-ready', 'true')
    await page.evaluate('window.openedOnce = true')
    const rider = await startRide(product.url, 'Around the lake')
    await rider.record(5)

    const row = page.getByRole('link', { name: /Around the lake/ })
    await row.getByText('Active').waitFor()
    await map.toSay('marker-count', '1')
    const before = await map.marker()
    await rider.record(20)
    await eventually('the marker to have gone north-east', async () => {
      const { latitude, longitude } = await map.marker()
      return latitude > before.latitude + 0.0005 && longitude > before.longitude + 0.0005
    })

    await row.click()
    await page.getByRole('link', { name: 'Open ride' }).click()
    await page.getByRole('heading', { level: 1, name: 'Around the lake' }).waitFor()
    await map.toSay('trail-points', '25')
    await rider.record(25)
    await map.toSay('trail-points', '50')
    await rider.pause()
    await page.getByText('Paused').waitFor()
    await rider.resume()
    await page.getByText('Active').waitFor()
    await rider.record(50)
    await map.toSay('trail-points', '100')
    await eventually(
      'the trail to be seen',
      async () => (await countPixels(browser, await map.picture(), palettes.light.trail)) > 200,
    )

    await rider.end()
    await page.getByText('Finished').waitFor()
    await map.toShowARoute()
    await map.toSay('marker-count', '0')
    await map.toSay('trail-points', '0')
    await page.getByText('Average speed').first().waitFor()
    await page.getByLabel('Route by').selectOption('plain')
    await eventually(
      'the route to be seen',
      async () => (await countPixels(browser, await map.picture(), palettes.light.route)) > 400,
    )
    const figures = await page.getByRole('article').innerText()
    expect(figures).toMatch(/Distance\s+0\.9\d km/)
    expect(figures).not.toMatch(/undefined|NaN|null/)
    expect(figures).not.toContain(rider.rideId)

    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await row.getByText('Finished').waitFor()
    await row.getByText(/0\.9\d km/).waitFor()
    expect(await page.evaluate('window.openedOnce')).toBe(true)

    await row.click()
    await page.reload()
    await page.getByText('Finished').waitFor()
    await map.toShowARoute()
    expect(complaints).toEqual([])
  })

  it('keeps watching when the server was away: nothing is missed, nothing drawn twice', async () => {
    const { product, page, map, complaints } = visit
    const rider = await startRide(product.url, 'Through an outage')
    await rider.record(30)
    await page.goto(`${product.url}/rides/${rider.rideId}`)
    await map.toSay('trail-points', '30')
    await map.toHaveItsWorkers()
    await page.getByText('Connected', { exact: true }).waitFor()
    expect(complaints).toEqual([])

    for (const goAway of [() => product.stop(), () => product.kill()]) {
      await goAway()
      await page.getByText('Connection lost.').waitFor()
      await product.restart()
      await rider.record(30)
      await page.getByText('Connection lost.').waitFor({ state: 'hidden' })
    }
    await map.toSay('trail-points', '90')
    await rider.end()
    await page.getByText('Finished').waitFor()
    expect(complaints.filter((complaint) => !isOfTheOutage(complaint))).toEqual([])
  })

  it('may ask to be connected now instead of waiting', async () => {
    const { product, page, map, complaints } = visit
    await page.goto(product.url)
    await page.getByText('Connected', { exact: true }).waitFor()
    await map.toHaveItsWorkers()
    // Time stands still in the page: what it waits for comes only with the button.
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 60_000)
    await product.kill()
    await page.getByText('Connection lost.').waitFor()
    await product.restart()
    await page.getByRole('button', { name: 'Retry now' }).click()
    await page.getByText('Connected', { exact: true }).waitFor()
    expect(complaints.filter((complaint) => !isOfTheOutage(complaint))).toEqual([])
  })

  it('is shown a page that follows nothing as soon as the server is back', async () => {
    const { product, page, map, complaints } = visit
    const lost = page.getByText('Connection lost.')
    const unanswered = page.getByRole('alert').getByText('The server does not answer.')
    const add = page.getByRole('button', { name: 'Hide a place' })
    await page.goto(product.url)
    await page.getByText('Connected', { exact: true }).waitFor()
    await map.toHaveItsWorkers()
    const goToPrivacy = async () => {
      await page.getByRole('link', { name: 'Settings', exact: true }).click()
      await page.getByRole('link', { name: 'Privacy' }).click()
    }
    // The page itself is fetched by now; what is on it is not.
    await goToPrivacy()
    await add.waitFor()
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await page.getByText('Connected', { exact: true }).waitFor()
    await product.stop('SIGTERM')
    await goToPrivacy()
    await lost.waitFor()
    await unanswered.waitFor()
    await product.restart()
    await add.waitFor()
    await lost.waitFor({ state: 'hidden' })
    expect(await unanswered.count()).toBe(0)

    // And at once where one asks for it, while time stands still.
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await page.getByText('Connected', { exact: true }).waitFor()
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 60_000)
    await product.kill()
    await lost.waitFor()
    await goToPrivacy()
    await unanswered.waitFor()
    await product.restart()
    await page.getByRole('button', { name: 'Retry now' }).click()
    await add.waitFor()
    await lost.waitFor({ state: 'hidden' })
    expect(complaints.filter((complaint) => !isOfTheOutage(complaint))).toEqual([])
  })

  it('is told when there is no such ride', async () => {
    const { product, page, complaints } = visit
    await page.goto(`${product.url}/rides/00000000-0000-4000-8000-000000000000`)
    await page.getByRole('heading', { name: 'There is no such ride' }).waitFor()
    await page.goto(`${product.url}/nowhere`)
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    expect(complaints).toEqual([])
  })
})

/** A browser logs every attempt to reach a server that is away. */
/** Which it is depends on where a connection stood that was cut. */
function isOfTheOutage(complaint: string): boolean {
  return /net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE)/.test(complaint)
}
