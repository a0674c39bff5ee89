/** The browser that the journeys use: the machine's own Chromium, drawing without a graphics card. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where Chromium is; undefined: this machine has none. */
export function chromiumPath(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  return named || places.find((place) => existsSync(place))
}

export const withoutChromium = 'needs Chromium: install it, or say where it is with CHROMIUM_PATH'

export function openBrowser(executablePath: string): Promise<Browser> {
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
    ],
  })
}

/**
 * Collects what the browser complains of on this page: errors of the console (violations of the content security
 * policy are among them) and exceptions that nobody caught.
 *
 * The one complaint that is expected is about the tile server which the page asks for, where it cannot be reached:
 * the browser logs it, whatever the page does.
 */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    const isTileProbe = message.location().url.startsWith('https://tiles.openfreemap.org/')
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
  const page = await browser.newPage()
  try {
    return await page.evaluate<number>(`(async () => {
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
  } finally {
    await page.close()
  }
}
