/** What a journey sees of the map: what it says of itself in the page, and what it looks like. */
import type { Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'

export interface MapPane {
  /** The value of `data-<name>`; null where the map has not said it. */
  says(name: string): Promise<string | null>
  /** Waits until the map says this. */
  toSay(name: string, value: string): Promise<void>
  /** Waits until a finished ride's route is drawn. */
  toShowARoute(): Promise<void>
  /** Waits until its workers run: they are fetched beside it, and a server that goes away before is a fault to them. */
  toHaveItsWorkers(): Promise<void>
  /** Where the first marker is. */
  marker(): Promise<{ latitude: number; longitude: number }>
  picture(): Promise<Buffer>
}

export function mapPane(page: Page): MapPane {
  const map = page.getByTestId('map')
  return {
    says: (name) => map.getAttribute(`data-${name}`),
    async toSay(name, value) {
      await eventually(`the map to say ${name}=${value}`, async () => {
        const said = await map.getAttribute(`data-${name}`)
        if (said !== value) throw new Error(`it says ${said}`)
        return true
      })
    },
    async toShowARoute() {
      await eventually('a route', async () => Number(await map.getAttribute('data-route-points')) >= 2)
    },
    async toHaveItsWorkers() {
      const workers = await eventually('a worker', async () => page.workers()[0] && page.workers())
      await Promise.all(workers.map((worker) => worker.evaluate(() => self.name)))
    },
    async marker() {
      const text = await eventually('a marker', async () => (await map.getAttribute('data-markers')) || null)
      const [latitude = Number.NaN, longitude = Number.NaN] = text.split(' ')[0]?.split(',').map(Number) ?? []
      return { latitude, longitude }
    },
    picture: () => map.screenshot(),
  }
}
