/** Draws the icons of the installed app from the page's own: `node scripts/icons.ts`, where Chromium is. They are checked in. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const directory = join(import.meta.dirname, '../web/public')
const ground = '#0d1b2a'

/** A launcher may cut a maskable icon to a circle of four fifths of it: what matters stays within. */
const icons = [
  { file: 'icon-192.png', pixels: 192, share: 1 },
  { file: 'icon-512.png', pixels: 512, share: 1 },
  { file: 'maskable-512.png', pixels: 512, share: 0.72 },
  { file: 'apple-touch-icon.png', pixels: 180, share: 0.86 },
] as const

const drawing = (await readFile(join(directory, 'favicon.svg'), 'utf8')).replace(
  '<svg ',
  '<svg class="icon" ',
)
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
const page = await browser.newPage()
for (const { file, pixels, share } of icons) {
  const size = Math.round(pixels * share)
  await page.setViewportSize({ width: pixels, height: pixels })
  await page.setContent(`<style>
    body { margin: 0; display: grid; place-items: center; width: ${pixels}px; height: ${pixels}px;
           background: ${share === 1 ? 'transparent' : ground}; }
    .icon { width: ${size}px; height: ${size}px; display: block; }
  </style>${drawing}`)
  await writeFile(join(directory, 'icons', file), await page.screenshot({ omitBackground: share === 1 }))
}
await browser.close()
