/** The pages of administrators, by hand: on a desk and on a phone. */
import pg from 'pg'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { startRide } from './rider.ts'
import { visits } from './visit.ts'

const visit = visits()

const screens = [
  ['a desk', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
] as const

describe.each(screens)('the log, on %s', (_, size) => {
  it('shows events as they come, and stands still when it is told to', async () => {
    const { product, page, complaints } = visit
    await page.setViewportSize(size)
    const ride = await startRide(product.url, 'To be watched')
    await page.goto(`${product.url}/log`)
    const events = page.getByRole('list', { name: 'Events, the newest first' })
    await events.getByText('RideStarted').first().waitFor()
    await ride.record(3)
    await events.getByText('RidePositionsRecorded').first().waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    const shown = await events.getByRole('listitem').count()
    await ride.record(3)
    await page.getByRole('button', { name: /^Resume \(\d+ new\)$/ }).waitFor()
    expect(await events.getByRole('listitem').count()).toBe(shown)
    await page.getByRole('button', { name: /^Resume/ }).click()
    await eventually(
      'the row that came meanwhile',
      async () => (await events.getByRole('listitem').count()) > shown,
    )
    await page.getByRole('combobox', { name: 'Type' }).selectOption('RidePaused')
    await ride.pause()
    await events.getByText('RidePaused').first().waitFor()
    await eventually('no others', async () => (await events.getByText('RidePositionsRecorded').count()) === 0)
    expect(new URL(page.url()).searchParams.get('type')).toBe('RidePaused')
    expect(await widerThanScreen(page)).toBe(false)
    expect(complaints).toEqual([])
  })

  it('finds a stream, and shows what its events say and where', async () => {
    const { product, page, map, complaints } = visit
    await page.setViewportSize(size)
    const ride = await startRide(product.url, 'To be looked at')
    await ride.record(20)
    await ride.record(5)
    await page.goto(`${product.url}/log/streams`)
    await page.getByRole('searchbox').fill(ride.rideId.slice(0, 8))
    await page.getByRole('button', { name: 'Find' }).click()
    await page.locator(`[data-stream="${ride.rideId}"]`).getByRole('link').click()
    const list = page.getByRole('listbox', { name: 'Events' })
    // Before an event is looked at the map is where the ride is, and not above a continent.
    await eventually(
      'the ride to be in sight',
      async () => Number((await map.says('camera'))?.split(',')[2]) > 8,
    )
    await list.getByRole('option').nth(1).getByText('20 positions').waitFor()
    await list.getByRole('option').first().click()
    const content = page.getByRole('region', { name: /^Version/ })
    await content.getByText('"To be looked at"').waitFor()
    await list.focus()
    await page.keyboard.press('ArrowDown')
    await page.locator('[data-version="2"]').waitFor()
    await eventually('its positions', async () => Number(await map.says('route-points')) === 20)
    await page.keyboard.press('End')
    await page.locator('[data-version="3"]').waitFor()
    await eventually('those of the next', async () => Number(await map.says('route-points')) === 5)
    expect(new URL(page.url()).searchParams.get('version')).toBe('3')
    await page.getByLabel('Version', { exact: true }).fill('1')
    await page.getByRole('button', { name: 'Go' }).click()
    await page.locator('[data-version="1"]').waitFor()
    // Its reader comes back to the same event, and sees of it what goes on.
    await page.goto(`${product.url}/log/streams/${ride.rideId}?version=2`)
    await page.locator('[data-version="2"]').waitFor()
    await ride.pause()
    await list.getByText('RidePaused').waitFor()
    expect(await widerThanScreen(page)).toBe(false)
    expect(complaints).toEqual([])
  })

  it('lets names be copied, also over plain HTTP, where there is no clipboard', async () => {
    const { product, page, complaints } = visit
    await page.setViewportSize(size)
    const ride = await startRide(product.url, 'To be copied')
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
    await page.goto(`${product.url}/log/streams/${ride.rideId}`)
    const copied = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('copy', () => {
            const field = document.activeElement
            resolve(field instanceof HTMLTextAreaElement ? field.value : '')
          })
        }),
    )
    const button = page.getByRole('button', { name: 'Copy the name of the stream', exact: true })
    await button.click()
    expect(await copied).toBe(ride.rideId)
    await page.getByTestId('announcements').getByText('Copied: the name of the stream.').waitFor()
    expect(await button.evaluate((each) => each === document.activeElement)).toBe(true)
    expect(complaints).toEqual([])
  })

  it('makes tables anew, and says how far they are until they are read', async () => {
    const { product, page, complaints } = visit
    await page.setViewportSize(size)
    await page.goto(`${product.url}/log`)
    const serving = page.locator('[data-state="SERVING"][data-projection^="rides "]')
    const before = await serving.getAttribute('data-projection')
    await page.getByRole('button', { name: 'Rebuild rides' }).click()
    await page.getByText('nobody has to wait').waitFor()
    await page.getByRole('button', { name: 'Leave it' }).click()
    await page.getByRole('button', { name: 'Rebuild rides' }).click()
    await page.getByRole('button', { name: 'Rebuild', exact: true }).click()
    await page.getByTestId('announcements').getByText('of rides is being built').waitFor()
    await eventually(
      'the new version to be read',
      async () => (await serving.getAttribute('data-projection')) !== before,
    )
    expect(complaints).toEqual([])
  })

  it('shows a ride that waits, retries it, and skips the event of another', async () => {
    const { product, page, complaints } = visit
    await page.setViewportSize(size)
    const retried = await parkedRide(product)
    const skipped = await parkedRide(product)
    await page.goto(`${product.url}/log`)
    const parked = (id: string) => page.locator(`[data-ride="${id}"]`)
    await parked(retried).getByText('It cannot be taken').waitFor()
    await parked(retried)
      .getByRole('button', { name: /^Retry/ })
      .click()
    await parked(retried).waitFor({ state: 'detached' })
    await page.locator('.parked-outcome').getByText('goes on').waitFor()
    await parked(skipped)
      .getByRole('button', { name: /^Skip the event/ })
      .click()
    await parked(skipped).getByText('will be missing until').waitFor()
    await parked(skipped).getByRole('button', { name: 'Skip it' }).click()
    await parked(skipped).waitFor({ state: 'detached' })
    await page.getByText('None: all events were applied.').waitFor()
    expect(complaints).toEqual([])
  })
})

it('tells whoever is no administrator, and does not lead there', async () => {
  const { page } = visit
  await using others = await startProduct({ env: withSignIn })
  await page.goto(`${others.url}/log`)
  await page.getByRole('heading', { name: 'The log is for administrators' }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).waitFor()
  expect(await page.getByRole('link', { name: 'Log', exact: true }).count()).toBe(0)
})

/** Parked by hand, at an event that can be taken. */
async function parkedRide(product: Product): Promise<string> {
  const ride = await startRide(product.url, 'Parked')
  await ride.pause()
  const client = new pg.Client(await product.databaseUrl())
  await client.connect()
  try {
    await eventually('the ride to be projected', async () => {
      const { rows } = await client.query(
        `select p.position >= e.position as is_past from events e, projection_version v,
                lateral (select max(position) as position from projection_position
                          where projection = v.projection and version = v.version and partition = e.partition) p
          where e.stream_id = $1 and e.version = 2 and v.projection = 'rides' and v.state = 'serving'`,
        [ride.rideId],
      )
      return rows[0]?.is_past === true
    })
    await client.query(
      `insert into parked_rides (projection, version, partition, ride_id, ride_version, position, event_type, error, attempts)
       select v.projection, v.version, e.partition, e.stream_id, e.version, e.position, e.type,
              '{"fault": "Error", "message": "It cannot be taken", "where": ["at apply"]}', 3
         from events e, projection_version v
        where e.stream_id = $1 and e.version = 2 and v.projection = 'rides' and v.state = 'serving'`,
      [ride.rideId],
    )
  } finally {
    await client.end()
  }
  return ride.rideId
}

async function widerThanScreen(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
}
