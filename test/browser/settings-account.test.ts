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

    // A ride waits on this device to be sent, as one that was recorded without a network.
    await page.goto(`${product.url}/record`)
    await page.getByRole('button', { name: 'Start' }).waitFor()
    expect(await page.evaluate(keepRide)).toBe(1)

    await page.goto(`${product.url}/settings/data`)
    await page.getByRole('button', { name: 'Delete my account' }).press('Enter')
    const typed = page.getByLabel('Your e-mail, to confirm')
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

    const otherTab = await visit.context.newPage()
    await otherTab.goto(`${product.url}/settings`)
    await otherTab.getByRole('heading', { name }).waitFor()
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Delete it for good' }).press('Enter')
    await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor()
    expect(await seen()).not.toContain('Not for ever')
    await otherTab.getByText('You are not signed in.').waitFor()
    expect(await page.evaluate(ridesKept)).toBe(0)
    await page.getByRole('link', { name: 'Live rides' }).click()
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('No account has this e-mail and password.').waitFor()
  },
)

/** In the page: gives how many rides are kept in this browser. */
const ridesKept = `new Promise((resolve, reject) => {
  const opening = indexedDB.open('slipstream-recorder')
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const counting = opening.result.transaction('rides').objectStore('rides').count()
    counting.onsuccess = () => {
      opening.result.close()
      resolve(counting.result)
    }
  }
})`

/** In the page: keeps a ride of whoever is signed in, as its recorder does. */
const keepRide = `(async () => {
  const asked = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
  })
  const riderId = (await asked.json()).data.viewer.id
  const rideId = crypto.randomUUID()
  const at = Date.now()
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open('slipstream-recorder')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const writing = opening.result.transaction(['rides', 'entries'], 'readwrite')
      const started = { type: 'RideStarted', rideId, at, title: null, visibility: 'PRIVATE' }
      writing.objectStore('rides').put({ rideId, riderId, startedAt: at, length: 1 })
      writing.objectStore('entries').put(started, [rideId, 0])
      writing.oncomplete = () => {
        opening.result.close()
        resolve()
      }
    }
  })
  return ${ridesKept}
})()`
