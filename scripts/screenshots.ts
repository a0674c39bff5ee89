/**
 * npm run screenshots -- [NAME …]
 *
 * Pictures of all pages (test/browser/screens.ts), or of those that are named, light and dark, on a phone and on a desk, in
 * docs/screenshots: PAGE-THEME-SIZE.webp. The rides are simulated, the same each time but for their dates. Needs Chromium and an
 * installed PostgreSQL, or DATABASE_URL of a user who may create databases.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { complain, run, say } from '#cli/process.ts'
import { openPostgres } from '../test/bench/postgres.ts'
import { chromiumPath, openBrowser, withoutChromium } from '../test/browser/chromium.ts'
import { type Scene, setScene } from '../test/browser/scene.ts'
import { lookAt, looks, openScreen, openStill, type Screen, screens } from '../test/browser/screens.ts'
import { eventually } from '../test/support/eventually.ts'

const directory = new URL('../docs/screenshots/', import.meta.url)

async function main(): Promise<number> {
  const names = process.argv.slice(2)
  const unknown = names.find((name) => !screens.some((screen) => screen.name === name))
  if (unknown !== undefined) {
    return complain(
      `There is no page ${unknown}. There are: ${screens.map(({ name }) => name).join(', ')}.`,
      2,
    )
  }
  const executable = chromiumPath()
  if (executable === undefined) return complain(withoutChromium, 2)
  const postgres = await openPostgres(process.env['DATABASE_URL'])
  if (typeof postgres === 'string') return complain(postgres, 2)
  await using opening = new AsyncDisposableStack()
  opening.use(postgres)
  const env = async () => ({ DATABASE_URL: await postgres.database() })
  const scene = opening.use(await setScene({ history: 120, riders: 30, env }))
  const browser = await openBrowser(executable)
  opening.defer(() => browser.close())
  await mkdir(directory, { recursive: true })
  let bytes = 0
  for (const screen of screens) {
    if (names.length > 0 && !names.includes(screen.name)) continue
    const size = await picture(browser, screen, scene)
    bytes += size
    say(`${screen.name}  ${Math.round(size / 1024)} KiB`)
  }
  return say(`${Math.round(bytes / 1024)} KiB in all`)
}

/** In all its looks; gives how many bytes they are. */
async function picture(browser: Browser, screen: Screen, scene: Scene): Promise<number> {
  await using window = await openStill(browser)
  const page = await window.newPage()
  await openScreen(page, screen, scene)
  let bytes = 0
  for (const look of looks) {
    await lookAt(page, look)
    const webp = await packed(browser, await whenStill(page))
    await writeFile(new URL(`${screen.name}-${look.theme}-${look.size}.webp`, directory), webp)
    bytes += webp.length
  }
  return bytes
}

/** Once two pictures are the same: the map has come to rest, and what fades in has. */
async function whenStill(page: Page): Promise<Buffer> {
  let last: Buffer | undefined
  return eventually(
    'the page to stand still',
    async () => {
      const now = await page.screenshot({ animations: 'disabled', caret: 'hide' })
      const isStill = last?.equals(now) === true
      last = now
      return isStill && now
    },
    { withinMs: 60_000, everyMs: 250 },
  )
}

/** A page of the browser packs it, which needs no library for it. */
async function packed(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage()
  const webp = await page.evaluate<string>(`(async () => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob())
    const canvas = new OffscreenCanvas(image.width, image.height)
    canvas.getContext('2d').drawImage(image, 0, 0)
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 })
    const bytes = new Uint8Array(await blob.arrayBuffer())
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text)
  })()`)
  await page.close()
  return Buffer.from(webp, 'base64')
}

await run(main)
