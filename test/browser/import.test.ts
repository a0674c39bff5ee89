/** Files of rides, many at once. */
import { expect, it } from 'vitest'
import { gpxOf } from '../../web/record/gpx.ts'
import { eventually } from '../support/eventually.ts'
import { phoneSize } from './recorder.ts'
import { visits } from './visit.ts'

const visit = visits()

it('files are imported at once, and of each one is told what came of it', async () => {
  const { product, page, complaints } = visit
  await page.goto(`${product.url}/import`)
  await page
    .getByLabel('Files to import')
    .setInputFiles([
      file('morning.gpx', ride('Morning', 6)),
      file('evening.gpx', ride('Evening', 18)),
      file('morning again.gpx', ride('Morning', 6)),
      file('notes.txt', 'Not a ride.'),
      { name: 'endless.gpx', mimeType: 'application/gpx+xml', buffer: Buffer.alloc(26 * 1024 * 1024) },
    ])
  const summary = page.getByTestId('import-summary')
  await summary.getByText('2 imported, 1 already there, 2 refused').waitFor()
  await page.getByTestId('announcements').getByText('2 imported, 1 already there, 2 refused.').waitFor()
  const rows = page.locator('.import-row')
  await rows.filter({ hasText: 'endless.gpx' }).getByText('It is over 25 MB.').waitFor()
  await rows.filter({ hasText: 'notes.txt' }).getByText('Refused.').waitFor()
  await rows.filter({ hasText: 'evening.gpx' }).getByText('2.98 km').waitFor()
  // The browser says of each refusal that it was one.
  expect(complaints.filter((complaint) => !complaint.includes('status of 422'))).toEqual([])
  await rows.filter({ hasText: 'evening.gpx' }).getByRole('link', { name: 'Evening' }).click()
  await page.getByRole('heading', { name: 'Evening' }).waitFor()
  await page.goBack()
  await summary.getByText('2 imported').waitFor()

  // What one has already, by another file: it is asked once, and imported where one says so.
  await page.getByLabel('Files to import').setInputFiles([file('watch.gpx', ride('Watch', 6))])
  const row = rows.filter({ hasText: 'watch.gpx' })
  await row.getByText('There is already a ride at this time:').waitFor()
  await row.getByRole('link', { name: 'Morning' }).waitFor()
  await summary.getByText('1 waiting for your answer').waitFor()
  await row.getByRole('button', { name: 'Import watch.gpx all the same' }).click()
  await summary.getByText('3 imported, 1 already there, 2 refused').waitFor()
})

it('what could not be sent is tried again by itself, and then by a button, on a phone too', async () => {
  const { product, page } = visit
  await page.setViewportSize(phoneSize)
  let attempts = 0
  await page.route('**/rides/import?*', (route) => {
    attempts += 1
    return attempts <= 2 ? route.abort() : route.fallback()
  })
  await page.goto(`${product.url}/import`)
  await page.getByLabel('Files to import').setInputFiles([file('noon.gpx', ride('Noon', 12))])
  await page.locator('.import-row').getByText('Not sent.').waitFor()
  expect(attempts).toBe(2)
  await page.getByRole('button', { name: 'Try noon.gpx again' }).click()
  await page.getByTestId('import-summary').getByText('1 imported').waitFor()
  await page.getByRole('button', { name: 'Clear the list' }).click()
  await eventually('the list to be empty', async () => (await page.locator('.import-row').count()) === 0)
})

it('files are dropped on the page, and a window is not closed unasked while they are sent', async () => {
  const { product, page } = visit
  let go = () => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  await page.route('**/rides/import?*', async (route) => {
    await held
    await route.fallback()
  })
  await page.goto(`${product.url}/import`)
  const dropped = await page.evaluateHandle(
    `(() => {
      const data = new DataTransfer()
      data.items.add(new File([${JSON.stringify(ride('Dropped', 9))}], 'dropped.gpx'))
      return data
    })()`,
  )
  await page.locator('.import-drop').dispatchEvent('drop', { dataTransfer: dropped })
  await page.locator('.import-row').filter({ hasText: 'dropped.gpx' }).waitFor()
  const closes = () => page.evaluate(`window.dispatchEvent(new Event('beforeunload', { cancelable: true }))`)
  expect(await closes()).toBe(false)
  go()
  await page.getByTestId('import-summary').getByText('1 imported').waitFor()
  expect(await closes()).toBe(true)
})

function file(name: string, text: string) {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) }
}

/** Ten minutes at 5 m/s, northwards. */
function ride(title: string, hour: number): string {
  const startedAt = Date.UTC(2026, 4, 2, hour)
  const positions = Array.from({ length: 597 }, (_, second) => ({
    at: startedAt + second * 1_000,
    latitude: 46.62 + (second * 5) / 111_170,
    longitude: 7.05,
  }))
  return gpxOf({ title, startedAt, stretches: [0] }, positions)
}
