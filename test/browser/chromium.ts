/**
 * The browser that the journeys use: the machine's own Chromium, drawing without a graphics card. Best is the one without windows: a
 * page is opened in it in a third of the time, for else tabs and buttons that nobody sees are drawn too.
 */
import { existsSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** Where Chromium is; undefined: this machine has none. */
export function chromiumPath(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  return named || places.find((place) => existsSync(place))
}

export interface BrowserOptions {
  /**
   * Puts pages together as a graphics card does, for measurements. Where there is none, what stands in for it takes more than
   * twice as long as doing without; maps are drawn by it in any case.
   */
  readonly gpuCompositing?: boolean
}

export const withoutChromium = 'needs Chromium: install it, or say where it is with CHROMIUM_PATH'

export function openBrowser(
  executablePath: string,
  { gpuCompositing = false }: BrowserOptions = {},
): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...(gpuCompositing ? [] : ['--disable-gpu-compositing']),
    ],
  })
}

/**
 * A window of its own, light, metric and 1280 × 800 unless told otherwise. The tile server is out of its reach, as where there is no network: so the map is
 * the one that is built in, whatever this machine can reach.
 */
export async function openWindow(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    // Where distances are in kilometres.
    locale: 'de-CH',
    // It fetches all of the app, which takes a fifth of what opening a page costs: who needs it allows it.
    serviceWorkers: 'block',
    ...options,
  })
  await context.route(`${tileServer}**`, (route) => route.abort())
  return context
}

const tileServer = 'https://tiles.openfreemap.org/'

/**
 * Collects what the browser complains of on this page: errors of the console (violations of the content security
 * policy are among them) and exceptions that nobody caught.
 *
 * The one complaint that is expected is about the tile server which the page asks for and cannot reach: the browser logs
 * it, whatever the page does.
 */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    const isTileProbe = message.location().url.startsWith(tileServer)
    if (!(isTileProbe && message.text().startsWith('Failed to load resource')))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  return complaints
}

/**
 * How many of a picture's pixels are nearly of a colour.
 *
 * @param png as `screenshot()` gives it; it is decoded by a page of the browser itself.
 * @param colour `#rrggbb`.
 */
export async function countPixels(browser: Browser, png: Buffer, colour: string): Promise<number> {
  const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
  const page = await easelOf(browser)
  return page.evaluate<number>(`(async () => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob())
    const brush = new OffscreenCanvas(image.width, image.height).getContext('2d')
    brush.drawImage(image, 0, 0)
    const { data } = brush.getImageData(0, 0, image.width, image.height)
    let count = 0
    for (let i = 0; i < data.length; i += 4) {
      const off = Math.abs(data[i] - ${red}) + Math.abs(data[i + 1] - ${green}) + Math.abs(data[i + 2] - ${blue})
      if (off < 24) count += 1
    }
    return count
  })()`)
}

/** Opening a page takes six times as long as counting on it. */
const easels = new WeakMap<Browser, Promise<Page>>()

function easelOf(browser: Browser): Promise<Page> {
  const easel = easels.get(browser) ?? browser.newPage()
  easels.set(browser, easel)
  return easel
}
