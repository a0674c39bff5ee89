/** Who sees a ride, by hand: links, visibility and privacy zones. */
import { describe, expect, it } from 'vitest'
import { palettes } from '../../web/map/palette.ts'
import { connect, position, startRide } from '../api/client.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { countPixels } from './chromium.ts'
import { toHaveFocus } from './focus.ts'
import { startRide as rideOut } from './rider.ts'
import { visits } from './visit.ts'

const visit = visits()

describe('the page of privacy zones', () => {
  it('hides a place that is clicked on the map, and shows it again', async () => {
    const { product, page, map, complaints } = visit
    await page.goto(`${product.url}/privacy?map=12,46.05,14.5`)
    await map.toSay('map-ready', 'true')
    // As it was called before, it is found, and what the address says of the map stays.
    expect(page.url()).toContain(`${product.url}/settings/privacy?map=12`)
    await page.getByRole('button', { name: 'Hide a place' }).press('Enter')
    await toHaveFocus(page.getByRole('heading', { name: 'A place to hide' }))
    await page.getByLabel('Name (only you see it)').fill('Home')
    await page.getByRole('button', { name: 'Hide it' }).click()
    await page.getByRole('alert').getByText('Click or tap the map').waitFor()
    const isNotTold = page.getByRole('region').getByText('Your browser does not')
    await page.getByRole('button', { name: 'Use where I am' }).click()
    await isNotTold.waitFor()
    await page.getByTestId('map').click({ position: { x: 300, y: 300 } })
    await isNotTold.waitFor({ state: 'detached' })
    await page.getByRole('slider').fill('800')
    await page.getByRole('button', { name: 'Hide it' }).press('Enter')
    await toHaveFocus(page.getByRole('heading', { name: 'Home' }))
    const zones = page.getByRole('list', { name: 'Your zones' }).getByRole('listitem')
    await zones.getByText('Radius 800 m').waitFor()
    await map.toSay('circle-count', '1')
    await page.getByRole('button', { name: 'Change Home' }).click()
    await page.getByText('Its centre may move').waitFor()
    await page.getByRole('slider').fill('3000')
    await map.toSay('circle-radii', '3000')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await map.toSay('circle-radii', '800')
    await page.getByRole('button', { name: 'Change Home' }).click()
    await page.getByRole('slider').fill('1200')
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await toHaveFocus(page.getByRole('heading', { name: 'Home' }))
    await zones.getByText('Radius 1.2 km').waitFor()
    await map.toSay('circle-radii', '1200')
    await page.getByRole('button', { name: 'Remove Home' }).click()
    await page.getByRole('button', { name: 'Remove the zone' }).press('Enter')
    await toHaveFocus(page.getByRole('heading', { name: 'Privacy zones' }))
    await page.getByRole('button', { name: 'Hide a place' }).waitFor()
    await map.toSay('circle-count', '0')
    expect(complaints).toEqual([])
  })

  it('shows where one has ridden, so that one sees what a circle covers', async () => {
    const { product, browser, page, map, complaints } = visit
    const ride = await rideOut(product.url, 'From home')
    await ride.record(100)
    await ride.end()
    await eventually('the route', async () => {
      const { status } = await fetch(`${product.url}/rides/${ride.rideId}.gpx`)
      return status === 200
    })
    await page.goto(`${product.url}/settings/privacy`)
    await eventually('its lines', async () => Number(await map.says('routes-points')) >= 2)
    const seen = async () => countPixels(browser, await map.picture(), palettes.light.route)
    await eventually('them to be seen', async () => (await seen()) > 100)
    await page.getByRole('link', { name: 'Keys' }).click()
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await map.toSay('routes-points', '0')
    expect(complaints).toEqual([])
  })
})

describe('the page of a ride', () => {
  it('gives it to others by its visibility and by links, and takes it back', async () => {
    const { product, page, complaints } = visit
    await using rider = connect(product.url)
    const rideId = await startRide(rider, { title: 'To give away' })
    await page.goto(`${product.url}/rides/${rideId}`)
    const sharing = page.getByRole('region', { name: 'Who sees this ride' })
    await sharing.getByRole('combobox', { name: 'Who sees this ride' }).selectOption('PUBLIC')
    await eventually('the change', async () => {
      const { data } = await rider.ask('query ($id: ID!) { ride(id: $id) { visibility } }', { id: rideId })
      return data?.['ride']?.['visibility'] === 'PUBLIC'
    })
    await sharing.getByRole('button', { name: 'Share by a link' }).press('Enter')
    await toHaveFocus(sharing.getByRole('combobox', { name: 'The link works for' }))
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const shown = sharing.getByRole('textbox', { name: 'The link' })
    await toHaveFocus(shown)
    await page.getByTestId('announcements').getByText('The link is made.').waitFor()
    const link = await shown.inputValue()
    expect(link).toMatch(new RegExp(`^${product.url}/rides/${rideId}#share=[\\w-]{64}$`))
    await sharing.getByRole('button', { name: 'Take back the link' }).click()
    await sharing.getByRole('button', { name: 'Keep' }).press('Enter')
    await toHaveFocus(sharing.getByRole('button', { name: 'Take back the link' }))
    await page.keyboard.press('Enter')
    await sharing.getByRole('group').getByRole('button', { name: 'Take back' }).press('Enter')
    await toHaveFocus(sharing.getByRole('heading', { name: 'Who sees this ride' }))
    await eventually('no link', async () => (await sharing.getByRole('listitem').count()) === 0)
    expect(complaints).toEqual([])
  })

  it('opens with a link, which it takes out of the address, for as long as that holds', async () => {
    const { page, map, context } = visit
    await using others = await startProduct({ env: withSignIn })
    await using rider = connect(others.url, await asRider(others, 'Olga'))
    const rideId = await startRide(rider, { title: 'Given away' })
    await rider.mutate('recordPositions', { rideId, positions: [position(1), position(2)] })
    const shared = await rider.mutate('shareRide', { rideId }, 'url share { id } ride { id }')
    const sent: string[] = []
    context.on('request', (request) => sent.push(request.url(), request.headers()['referer'] ?? ''))
    await page.goto(`${others.url}/rides/${rideId}`)
    await page.getByText('There is no such ride').waitFor()
    // In a tab of its own, and in the one that shows the ride's page already.
    for (const tab of [await context.newPage(), page]) {
      await tab.goto(`${others.url}${shared['url']}`)
      await tab.getByRole('heading', { name: 'Given away' }).waitFor()
      expect(tab.url()).toBe(`${others.url}/rides/${rideId}`)
    }
    expect(await page.getByRole('region', { name: 'Who sees this ride' }).count()).toBe(0)
    await page.reload()
    await page.getByRole('heading', { name: 'Given away' }).waitFor()
    await map.toSay('trail-points', '2')
    const token = String(shared['url']).split('=')[1]!
    expect(sent.filter((text) => text.includes(token))).toEqual([])
    const { id: shareId } = shared['share'] as { id: string }
    await rider.mutate('unshareRide', { rideId, shareId })
    await rider.mutate('editRide', { rideId, title: 'Not any more' })
    await page.getByRole('heading', { name: 'This ride is no longer shown' }).waitFor()
    await map.toSay('trail-points', '0')
    await map.toSay('marker-count', '0')
  })
})
