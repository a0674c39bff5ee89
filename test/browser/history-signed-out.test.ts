/** The history of a server where riders sign in, as who has not done so sees it. */
import { expect, it } from 'vitest'
import { withSignIn } from '../support/product.ts'
import { visits } from './visit.ts'

const visit = visits({ env: withSignIn })

it('what is added up is for riders, who are told where to sign in', async () => {
  const { product, page, complaints } = visit
  await page.goto(`${product.url}/history`)
  await page.getByRole('heading', { name: 'No public rides' }).waitFor()
  const parts = page.getByRole('navigation', { name: 'History' })
  for (const name of ['Totals', 'Calendar', 'Records']) {
    await parts.getByRole('link', { name }).click()
    await page.getByRole('heading', { name: /^Sign in to see your / }).waitFor()
    expect(await page.locator('.history').getByRole('link', { name: 'Sign in' }).count(), name).toBe(1)
  }
  expect(complaints).toEqual([])
})
