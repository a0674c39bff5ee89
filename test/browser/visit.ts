/**
 * What each journey begins with: a product and a browser for the file, a window and a page of their own for each test, which
 * is passed over where the machine has no Chromium.
 *
 * ```ts
 * const visit = visits()
 * it('…', async () => {
 *   const { page, map, product, complaints } = visit
 * ```
 */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Product, type ProductOptions, startProduct } from '../support/product.ts'
import { chromiumPath, complaintsOf, openBrowser, openWindow, withoutChromium } from './chromium.ts'
import { type MapPane, mapPane } from './map-pane.ts'

export interface Visit {
  readonly product: Product
  readonly browser: Browser
  readonly context: BrowserContext
  readonly page: Page
  /** Of the page. */
  readonly map: MapPane
  /** What the browser complains of on this page, so far. */
  readonly complaints: readonly string[]
}

/** @param prepare is called once, before the tests of the file. */
export function visits(
  options: ProductOptions = {},
  prepare: (product: Product) => Promise<void> = async () => {},
): Visit {
  const executable = chromiumPath()
  const visit: Partial<{ -readonly [Part in keyof Visit]: Visit[Part] }> = {}

  beforeAll(async () => {
    if (executable === undefined) return
    const [product, browser] = await Promise.all([startProduct(options), openBrowser(executable)])
    Object.assign(visit, { product, browser })
    await prepare(product)
  })
  afterAll(() => visit.browser?.close())

  beforeEach(async (test) => {
    if (visit.browser === undefined) return test.skip(withoutChromium)
    const context = await openWindow(visit.browser)
    const page = await context.newPage()
    Object.assign(visit, { context, page, map: mapPane(page), complaints: complaintsOf(page) })
  })
  afterEach(() => visit.context?.close())

  return visit as Visit
}
