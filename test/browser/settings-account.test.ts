/** The end of an account, as its rider brings it about. */
import { expect, it } from 'vitest'
import { connect } from '../api/client.ts'
import { eventually } from '../support/eventually.ts'
import { withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { toHaveFocus } from './focus.ts'
import { startRide } from './rider.ts'
import { visits } from './visit.ts'

const visit = visits({ env: { ...withSignIn, SIGN_UP: 'open' } })
const password = 'a long enough password'

it.each([
  ['a desk', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
])(
  'on %s an account is deleted when its rider has typed that he means it, with all his rides',
  async (_, size) => {
    const { product, page, complaints } = visit
    const email = `ana${size.width}@example.org`
    const name = `Ana ${size.width}`
    await page.setViewportSize(size)
    await page.goto(`${product.url}/sign-in`)
    await page.getByRole('button', { name: 'Make one' }).click()
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByRole('link', { name: `Account of ${name}` }).waitFor()
    const { authorization } = await asRider(product, name)
    const ride = await startRide(product.url, 'Not for ever', { authorization })
    await ride.record(50)
    await ride.end()
    await using stranger = connect(product.url)
    const seen = async () =>
      JSON.stringify(await stranger.ask('{ rides(first: 20) { edges { node { title } } } }'))
    await eventually('others to see it', async () => (await seen()).includes('Not for ever'))

    await page.goto(`${product.url}/settings/data`)
    await page.getByRole('button', { name: 'Delete my account' }).press('Enter')
    const typed = page.getByLabel('Your e-mail, to say that you mean it')
    await toHaveFocus(typed)
    await typed.fill('somebody@example.org')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Delete it for good' }).click()
    await page.getByRole('alert').getByText('Type your e-mail as it is').waitFor()
    await typed.fill(email)
    await page.getByLabel('Password').fill('not it, surely')
    await page.getByRole('button', { name: 'Delete it for good' }).click()
    await page.getByRole('alert').getByText('This is not your password.').waitFor()
    expect(await seen()).toContain('Not for ever')
    // A refusal is in the browser's log, as every answer of 400 is.
    expect(complaints.filter((complaint) => !complaint.includes('400'))).toEqual([])

    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Delete it for good' }).press('Enter')
    await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor()
    expect(await seen()).not.toContain('Not for ever')
    await page.getByRole('link', { name: 'All rides' }).click()
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('No account has this e-mail and password.').waitFor()
  },
)
