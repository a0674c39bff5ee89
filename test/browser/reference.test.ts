/** The reference of the API at /docs, as it is read. */
import { expect, it } from 'vitest'
import { violationsOn } from './axe.ts'
import { lookAt, looks } from './screens.ts'
import { visits } from './visit.ts'

const visit = visits()

it('is read on a desk in light and on a phone in dark, without a fault that axe finds', async () => {
  const { product, page, complaints } = visit
  await page.goto(`${product.url}/docs`)
  // It is long: axe takes seconds for each. Both themes and both sizes are among the two.
  for (const look of looks.filter(({ theme, size }) => (theme === 'light') === (size === 'desk'))) {
    await lookAt(page, look)
    const serious = (await violationsOn(page)).filter(({ impact }) => /serious|critical/.test(impact))
    expect({ ...look, serious }).toEqual({ ...look, serious: [] })
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect({ ...look, overflow: await page.evaluate(overflow) }).toEqual({ ...look, overflow: 0 })
  }
  expect(complaints).toEqual([])
})

it('leads from an operation to what it takes, without a script', async () => {
  const { product, browser } = visit
  await using context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${product.url}/docs`)
  await page.locator('.beside').getByRole('link', { name: 'recordPositions', exact: true }).click()
  await page.waitForURL(`${product.url}/docs#Mutation.recordPositions`)
  await page.locator('[id="Mutation.recordPositions"]').getByRole('link', { name: 'PositionInput' }).click()
  await page.waitForURL(`${product.url}/docs#PositionInput`)
  expect(await page.locator('#PositionInput').getByText('Beats per minute').isVisible()).toBe(true)
})

it('is beside GraphiQL, which opens with a tab of examples for each of those who use the API', async () => {
  const { product, page, complaints } = visit
  await page.goto(`${product.url}/graphql`)
  const tabs = page.getByRole('tab')
  await page.getByRole('tab', { name: 'Administrator' }).waitFor()
  expect(await tabs.allInnerTexts()).toEqual(['Rider', 'Dashboard', 'Integrator', 'Administrator'])
  await page.getByRole('button', { name: /Execute query/ }).click()
  await page.getByRole('menuitem', { name: 'Rider', exact: true }).click()
  await page.locator('.result-window').getByText('rideId').waitFor()
  expect(await page.locator('.result-window').innerText()).not.toContain('code')
  expect(complaints).toEqual([])
})
