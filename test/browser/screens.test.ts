/** Every page, in both themes, on a phone and on a desk: for those who do not see it, too. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { violationsOn } from './axe.ts'
import { chromiumPath, complaintsOf, openBrowser, withoutChromium } from './chromium.ts'
import { type Scene, setScene } from './scene.ts'
import { lookAt, looks, openScreen, openStill, screens } from './screens.ts'

const executable = chromiumPath()
let scene: Scene
let browser: Browser

beforeAll(async () => {
  if (executable === undefined) return
  ;[scene, browser] = await Promise.all([setScene({ history: 6, riders: 4 }), openBrowser(executable)])
})
afterAll(async () => {
  await browser?.close()
  await scene?.[Symbol.asyncDispose]()
})
beforeEach((test) => {
  if (executable === undefined) test.skip(withoutChromium)
})

describe.each(screens)('$name', (screen) => {
  it('has no serious fault that axe finds, light and dark, on a phone and on a desk', async () => {
    await using window = await openStill(browser)
    const page = await window.newPage()
    const complaints = complaintsOf(page)
    await openScreen(page, screen, scene)
    for (const look of looks) {
      await lookAt(page, look)
      const violations = await violationsOn(page)
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect({ ...look, serious }).toEqual({ ...look, serious: [] })
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect({ ...look, overflow: await page.evaluate(overflow) }).toEqual({ ...look, overflow: 0 })
    }
    expect(complaints).toEqual([])
  })
})
