/** The pages of settings, as whoever uses the machine has them, on a desk and on a phone. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { unzip } from '../support/unzip.ts'
import { openReceiver, status } from '../webhooks/receiver.ts'
import { toHaveFocus } from './focus.ts'
import { startRide } from './rider.ts'
import { visits } from './visit.ts'

const visit = visits({ env: { WEBHOOKS_ALLOW_PRIVATE: 'on' } })

const sizes = [
  ['a desk', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
] as const

describe.each(sizes)('on %s', (_, size) => {
  it('a webhook is made, tried out, sent again, switched off and on, given another secret and deleted', async () => {
    const { product, page, complaints } = visit
    await using receiver = await openReceiver()
    receiver.answers.push(status(500))
    await page.setViewportSize(size)
    await page.goto(`${product.url}/settings`)
    await page.getByRole('link', { name: 'Webhooks' }).click()
    await page.getByText('You have no webhooks yet.').waitFor()
    await page.getByRole('button', { name: 'New webhook' }).press('Enter')
    const address = page.getByLabel('Address')
    await toHaveFocus(address)
    await address.fill('https://')
    await page.getByRole('button', { name: 'Make the webhook' }).click()
    expect(await page.getByRole('textbox', { name: /^The secret of/ }).count()).toBe(0)
    await address.fill('ftp://example.org/')
    await page.getByRole('button', { name: 'Make the webhook' }).click()
    await page.getByRole('alert').waitFor()
    await address.fill(receiver.url)
    await page.getByLabel('A ride is deleted').uncheck()
    await page.getByRole('button', { name: 'Make the webhook' }).press('Enter')
    const secret = page.getByRole('textbox', { name: /^The secret of/ })
    await toHaveFocus(secret)
    const first = await secret.inputValue()
    expect(first).toMatch(/^whsec_/)
    await page.getByRole('button', { name: 'Done' }).click()

    const hook = page.getByRole('list', { name: 'Your webhooks' })
    await hook.getByText('A message when a ride is finished or edited').waitFor()
    await hook.getByRole('button', { name: /^Send a test/ }).click()
    const log = page.getByRole('region', { name: /^Log of/ })
    await log.getByText('answered 500').waitFor()
    await log.getByText('Given up').waitFor()
    expect(new URL(page.url()).searchParams.get('log')).toMatch(/^[0-9a-f-]{36}$/)
    await log.getByRole('button', { name: /^Send again: Test message/ }).click()
    await log.getByText('Delivered').waitFor()
    await log.getByText('answered 204').waitFor()
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'ping',
      'ping',
    ])

    const ride = await startRide(product.url, `Told of on ${size.width}`)
    await ride.record(20)
    await ride.end()
    // With the address alone the log is open again.
    await eventually('it to be told', async () => receiver.received.length === 3)
    await page.reload()
    await log.getByRole('link', { name: 'Ride finished' }).waitFor()
    await page.getByRole('link', { name: /^Hide the log/ }).click()
    await log.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: /^Switch off/ }).click()
    await page.getByText('You switched it off').waitFor()
    await page.getByRole('button', { name: /^Switch on/ }).click()
    await page.getByText('You switched it off').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^New secret/ }).click()
    await page.getByRole('button', { name: 'Make a new secret' }).click()
    await toHaveFocus(secret)
    expect(await secret.inputValue()).not.toBe(first)
    await page.getByRole('button', { name: /^Delete/ }).click()
    await page.getByRole('button', { name: 'Delete it and its log' }).press('Enter')
    await toHaveFocus(page.getByRole('heading', { name: 'Webhooks' }))
    await page.getByText('You have no webhooks yet.').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.width)
    expect(complaints).toEqual([])
  })

  it('what is chosen of units and theme is seen at once, and after a reload', async () => {
    const { product, page, complaints } = visit
    const ride = await startRide(product.url, 'In miles')
    await ride.record(500)
    await ride.end()
    await page.setViewportSize(size)
    await page.goto(`${product.url}/settings`)
    const ways = page.getByRole('navigation', { name: 'Settings' })
    const place = await ways.getByRole('link', { name: 'Keys' }).boundingBox()
    // They stay where they are, beside a map too, and the focus stays with them.
    for (const [name, heading] of [
      ['Privacy', 'Privacy zones'],
      ['Data', 'Your data'],
      ['Profile', 'Profile'],
    ] as const) {
      await ways.getByRole('link', { name }).press('Enter')
      await page.getByRole('heading', { name: heading, exact: true }).waitFor()
      expect(await ways.getByRole('link', { name: 'Keys' }).boundingBox()).toEqual(place)
      await toHaveFocus(ways.getByRole('link', { name }))
    }
    await page.getByRole('radio', { name: 'Miles' }).check()

    await page.getByRole('radio', { name: 'Dark' }).check()
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    const figures = page.getByRole('article')
    await page.goto(`${product.url}/rides/${ride.rideId}`)
    await figures
      .getByText(/3\.\d\d\s*mi/)
      .first()
      .waitFor()
    await page.goto(`${product.url}/settings`)
    await page.getByRole('radio', { name: 'Kilometres' }).check()
    await page.goto(`${product.url}/rides/${ride.rideId}`)
    await figures
      .getByText(/(4\.9\d|5\.00)\s*km/)
      .first()
      .waitFor()
    await page.goto(`${product.url}/settings`)
    expect(await page.getByRole('radio', { name: 'Kilometres' }).isChecked()).toBe(true)
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true)
    expect(complaints).toEqual([])
  })
})

it('all data come as an archive that can be opened', async () => {
  const { product, page, complaints } = visit
  const ride = await startRide(product.url, 'To take away')
  await ride.record(50)
  await ride.end()
  await eventually(
    'the ride to be finished',
    async () => (await fetch(`${product.url}/rides/${ride.rideId}.gpx`)).ok,
  )
  await page.goto(`${product.url}/settings/data`)
  await page.getByText(/finished rides?: /).waitFor()
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export all my data' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^Slipstream \d{4}-\d\d-\d\d\.zip$/)
  const files = unzip(await readFile(await download.path()))
  expect(JSON.parse(files.get('account.json') ?? '')).toMatchObject({ rider: { name: 'Local rider' } })
  const track = [...files].find(([path]) => path.endsWith(' To take away.gpx'))?.[1] ?? ''
  expect(track.match(/<trkpt/g)).toHaveLength(50)
  expect(await page.getByText('npm run forget').isVisible()).toBe(false)
  await page.getByText('For whoever runs the server').click()
  await page.getByText('npm run forget').waitFor()
  expect(complaints).toEqual([])
})
