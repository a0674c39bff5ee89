/** A ride recorded in the phone's browser, while the network comes and goes. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { connect } from '../api/client.ts'
import { eventually } from '../support/eventually.ts'
import type { Product } from '../support/product.ts'
import { complaintsOf } from './chromium.ts'
import { openPhone } from './recorder.ts'
import { visits } from './visit.ts'

const visit = visits()

it('a ride comes to the server once and whole, though answers are lost, the network is cut and the page is loaded again', async () => {
  const { product, browser } = visit
  await using phone = await openPhone(browser)
  const { page, context } = phone
  const complaints = complaintsOf(page)
  await page.addInitScript(`{
    const { storage } = navigator
    storage.persist = async () => (window.hasAskedToKeep = true)
  }`)
  await page.goto(`${product.url}/record`)
  await page.getByText('Good, ± ').waitFor()
  await page.getByLabel('Title').fill('Over the pass')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByRole('link', { name: 'Record: a ride is being recorded', exact: true }).waitFor()
  await page.waitForFunction('window.hasAskedToKeep')
  await phone.ride(5)
  await page.getByText('All sent').waitFor()
  await phone.toBeKept()
  expect(complaints).toEqual([])

  // The server takes an upload, and nobody hears of it.
  const lost = loseAnswer(page, 'recordPositions')
  await phone.ride(3)
  await lost
  await page.getByText('All sent').waitFor()

  await context.setOffline(true)
  await phone.ride(4)
  await page.getByTestId('queue').getByText('wait to be sent').waitFor()
  await page.getByTestId('queue').getByText('The server cannot be reached.').waitFor()
  expect(await page.locator('.banner').count()).toBe(0)
  await page.reload()
  // It goes on by itself, from what the phone has kept.
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByText('Over the pass').waitFor()
  await eventually('the way so far', async () => (await phone.positions()) >= 12)
  await phone.ride(3)
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  await page.getByRole('link', { name: 'Record: a ride is paused', exact: true }).waitFor()
  const taken = await phone.positions()
  expect(await onServer(product)).toBeLessThan(taken)
  await context.setOffline(false)
  await page.getByText('All sent').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await phone.ride(2)
  await page.getByRole('button', { name: 'End…' }).click()
  await page.getByRole('button', { name: 'Keep riding' }).click()
  await page.getByRole('button', { name: 'End…' }).click()
  await page.getByRole('button', { name: 'End the ride' }).click()
  await page.getByRole('heading', { name: 'Ride finished' }).waitFor()
  const all = await phone.positions()

  const events = await eventsOf(product)
  expect(events.map(({ type }) => type).filter((type) => type !== 'POSITIONS_RECORDED')).toEqual([
    'STARTED',
    'PAUSED',
    'RESUMED',
    'ENDED',
    'FINISHED',
  ])
  const times = events.flatMap(({ positions }) => positions.map(({ at }) => at))
  expect(times).toHaveLength(all)
  expect(new Set(times).size).toBe(all)
  expect(times).toEqual(times.toSorted())
  // None is behind the pause that it was taken before.
  const pause = events.findIndex(({ type }) => type === 'PAUSED')
  const before = events.slice(0, pause).flatMap(({ positions }) => positions)
  expect(before).toHaveLength(taken)
  await page.getByRole('link', { name: 'See the ride' }).click()
  await page.getByRole('heading', { name: 'Over the pass' }).waitFor()
})

it('who does not allow the page to know where he is, is told so, and nothing begins', async () => {
  const { product, browser } = visit
  const before = (await ridesOf(product)).length
  await using phone = await openPhone(browser, { permissions: [] })
  const { page } = phone
  await page.goto(`${product.url}/record`)
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('alert').getByText('Not allowed', { exact: true }).waitFor()
  expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0)
  expect(await ridesOf(product)).toHaveLength(before)
})

it('one tab records; another one can take over, and goes on with the same ride', async () => {
  const { product, browser } = visit
  await using phone = await openPhone(browser, { viewport: { width: 1280, height: 800 } })
  const { page, context } = phone
  await page.goto(`${product.url}/record`)
  await page.getByLabel('Title').fill('In two tabs')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  const other = await context.newPage()
  await other.goto(`${product.url}/record`)
  await other.getByRole('heading', { name: 'Another tab is recording' }).waitFor()
  await other.getByRole('button', { name: 'Record in this tab' }).click()
  await other.getByText('In two tabs').waitFor()
  await page.getByRole('heading', { name: 'Another tab is recording' }).waitFor()
  await other.getByRole('button', { name: 'Pause' }).click()
  await other.getByRole('button', { name: 'Resume' }).waitFor()
  await other.getByText('All sent').waitFor()
  // The tab that records is closed: the one that waits goes on.
  await other.close()
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  await page.getByRole('button', { name: 'End…' }).click()
  await page.getByRole('button', { name: 'End the ride' }).click()
  await page.getByRole('heading', { name: 'Ride finished' }).waitFor()
  await page.getByRole('button', { name: 'New ride' }).click()
  await page.getByText('Your last ride is on the server.').waitFor()
})

it('what a phone has kept is sent when the app is opened again, on whatever page', async () => {
  const { product, browser } = visit
  await using phone = await openPhone(browser)
  const { page, context } = phone
  await page.goto(`${product.url}/record`)
  await page.getByLabel('Title').fill('Sent later')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await phone.toBeKept()
  await context.setOffline(true)
  await phone.ride(3)
  const taken = await phone.positions()
  await page.getByRole('button', { name: 'End…' }).click()
  await page.getByRole('button', { name: 'End the ride' }).click()
  await page.getByRole('heading', { name: 'Ride ended' }).waitFor()
  await page.close()
  await context.setOffline(false)
  const another = await context.newPage()
  await another.goto(product.url)
  await eventually('the ride to be finished', async () => {
    const [ride] = await ridesOf(product)
    return ride?.title === 'Sent later' && ride.status === 'FINISHED'
  })
  expect(await onServer(product)).toBe(taken)
})

/** Of the next mutation of this name the server's answer is lost on the way. Resolves when it is. */
function loseAnswer(page: Page, name: string): Promise<void> {
  return new Promise((resolve) => {
    let isLost = false
    void page.route('**/graphql', async (route) => {
      if (isLost || route.request().postData()?.includes(name) !== true) return route.fallback()
      isLost = true
      await route.fetch()
      await route.abort()
      resolve()
    })
  })
}

interface OwnRide {
  readonly id: string
  readonly title: string | null
  readonly status: string
}

/** The newest first. */
async function ridesOf({ url }: Product): Promise<readonly OwnRide[]> {
  await using api = connect(url)
  const { data } = await api.ask('{ rides(first: 20) { nodes { id title status } } }')
  return (data?.['rides']?.['nodes'] ?? []) as OwnRide[]
}

interface Told {
  readonly type: string
  readonly positions: readonly { readonly at: string }[]
}

/** Of the newest ride. */
async function eventsOf(product: Product): Promise<readonly Told[]> {
  const [ride] = await ridesOf(product)
  await using api = connect(product.url)
  const { data } = await api.ask(
    'query ($id: ID!) { ride(id: $id) { events(first: 100) { nodes { type positions { at } } } } }',
    { id: ride?.id },
  )
  const events = data?.['ride']?.['events'] as { readonly nodes: readonly Told[] }
  return events.nodes
}

async function onServer(product: Product): Promise<number> {
  return (await eventsOf(product)).reduce((sum, { positions }) => sum + positions.length, 0)
}
