/** A phone on a handlebar, as far as a browser can be one: it has a place, and a network that can fail. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { openWindow } from './chromium.ts'

export interface Phone extends AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  /** Goes on so many steps of some ten metres, each once the last one is recorded. */
  ride(steps: number): Promise<void>
  /** How many positions the page says that it has recorded; 0 where it records nothing. */
  positions(): Promise<number>
  /** Waits until the app could be opened without a network. */
  toBeKept(): Promise<void>
}

export const phoneSize = { width: 390, height: 844 } as const
const from = { latitude: 46.62, longitude: 7.05, accuracy: 6 } as const

export async function openPhone(browser: Browser, options: BrowserContextOptions = {}): Promise<Phone> {
  const context = await openWindow(browser, {
    viewport: phoneSize,
    permissions: ['geolocation'],
    geolocation: from,
    serviceWorkers: 'allow',
    ...options,
  })
  const page = await context.newPage()
  let step = 0
  const positions = async () => Number((await page.getByTestId('record').getAttribute('data-positions')) ?? 0)
  return {
    context,
    page,
    positions,
    async ride(steps) {
      for (let ridden = 0; ridden < steps; ridden++) {
        const before = await positions()
        step += 1
        await context.setGeolocation({ ...from, latitude: from.latitude + step * 1e-4 })
        await eventually('the place to be recorded', async () => (await positions()) > before)
      }
    },
    async toBeKept() {
      // All that the app is made of is fetched first.
      await eventually(
        'the service worker',
        () => page.evaluate('navigator.serviceWorker.controller !== null'),
        { withinMs: 60_000 },
      )
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}
