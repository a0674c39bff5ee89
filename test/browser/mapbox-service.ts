/** Mapbox' service as the tests play it: they need no network and no account. */
import type { Page } from 'playwright-core'

/** A style of one colour, and silence for the rest of what Mapbox asks its own service. */
export async function playMapbox(page: Page, status: number): Promise<void> {
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
