/** Signing up, in and out, and the keys of one's programs, as a rider does it. */
import { expect, it } from 'vitest'
import { connect } from '../api/client.ts'
import { eventually } from '../support/eventually.ts'
import { withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { toHaveFocus } from './focus.ts'
import { startRide } from './rider.ts'
import { visits } from './visit.ts'

const visit = visits({ env: withSignIn })

it('the first to come makes an account, and a key for a program, which ends when it is revoked', async () => {
  const { product, page, complaints } = visit
  await page.goto(product.url)
  await page.getByText('No public rides').waitFor()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Make one' }).click()
  await page.getByLabel('Name').fill('Ana Novak')
  await page.getByLabel('E-mail').fill('ana@example.org')
  await page.getByLabel('Password').fill('a long enough password')
  await page.getByRole('button', { name: 'Make the account' }).click()

  await page.getByRole('link', { name: 'Account of Ana Novak' }).click()
  await page.getByRole('heading', { level: 1, name: 'Ana Novak' }).waitFor()
  await page.getByRole('link', { name: 'Keys' }).click()
  await page.getByRole('button', { name: 'New key' }).press('Enter')
  await toHaveFocus(page.getByRole('textbox', { name: 'Name', exact: true }))
  await page.keyboard.type('Bike computer')
  await page.getByLabel('Read').uncheck()
  await page.getByLabel('Record and change').uncheck()
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('Choose what the key may do.').waitFor()
  await page.getByLabel('Read').check()
  await page.getByRole('button', { name: 'Make the key' }).press('Enter')
  const shown = page.getByRole('textbox', { name: 'The key Bike computer' })
  await toHaveFocus(shown)
  await page.getByTestId('announcements').getByText('The key Bike computer is made.').waitFor()
  const secret = await shown.inputValue()
  const status = async () =>
    (
      await fetch(`${product.url}/graphql?query={viewer{name}}`, {
        headers: { authorization: `Bearer ${secret}`, accept: 'application/json' },
      })
    ).status
  expect(await status()).toBe(200)
  const revoke = page.getByRole('button', { name: 'Revoke Bike computer' })
  await revoke.press('Enter')
  await toHaveFocus(page.getByRole('button', { name: 'Keep' }))
  await page.keyboard.press('Escape')
  await toHaveFocus(revoke)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await toHaveFocus(page.getByRole('heading', { name: 'API keys' }))
  await eventually('the key to be gone', async () => (await page.locator('.entry').count()) === 0)
  expect(await status()).toBe(401)
  expect(complaints).toEqual([])

  await page.goto(`${product.url}/account`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail').fill('ana@example.org')
  await page.getByLabel('Password').fill('another password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('No account has this e-mail and password.').waitFor()
  // The first account was made: it takes no others.
  await page.reload()
  await page.getByLabel('Password').waitFor()
  expect(await page.getByRole('button', { name: 'Make one' }).count()).toBe(0)
})

it('on a phone the form is all in sight', async () => {
  const { product, page } = visit
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${product.url}/sign-in`)
  const field = await page.getByLabel('E-mail').boundingBox()
  expect(field?.y).toBeLessThan(300)
  const button = await page.getByRole('main').getByRole('button', { name: 'Sign in' }).boundingBox()
  expect(button?.y).toBeLessThan(600)
  await page.getByRole('link', { name: 'Live rides' }).click()
  await page.getByTestId('map').waitFor()
})

it('whoever is not signed in sees public rides, and lets go of what is hidden from him', async () => {
  const { product, page, map, complaints } = visit
  const { authorization } = await asRider(product, 'Bob')
  await using bob = connect(product.url, { authorization })
  const ride = await startRide(product.url, 'For all', { authorization })
  await ride.record(100)
  await ride.end()
  const hasRoute = async () => Number(await map.says('route-points')) >= 2
  // As a tab that one comes back to.
  const look = () => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

  await page.goto(`${product.url}/rides/${ride.rideId}`)
  await eventually('the route', hasRoute)
  const zone = '{ name: "Home", latitude: 46.62, longitude: 7.05, radius: 5000 }'
  await bob.ask(`mutation { addPrivacyZone(input: ${zone}) { __typename } }`)
  await look()
  await page.getByRole('heading', { name: 'This ride is no longer shown' }).waitFor()
  await map.toSay('route-points', '0')

  const { data } = await bob.ask('{ privacyZones { id } }')
  for (const { id } of Object.values(data?.['privacyZones'] ?? {}) as { id: string }[])
    await bob.ask(`mutation { removePrivacyZone(input: { id: "${id}" }) { __typename } }`)
  await eventually('the ride to be shown again', async () => {
    await look()
    return hasRoute()
  })
  await page.getByRole('link', { name: 'Live', exact: true }).click()
  const row = page.getByRole('link', { name: /For all/ })
  await row.waitFor()
  await bob.mutate('editRide', { rideId: ride.rideId, visibility: 'PRIVATE' })
  await look()
  await row.waitFor({ state: 'detached' })
  await map.toSay('route-points', '0')
  expect(complaints).toEqual([])
})
