/** The history: rides are found in it, each in a way of its own, and what is added up leads to them. */
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { importRides, type PastRide } from './history-rides.ts'
import { visits } from './visit.ts'

const home = { latitude: 46.62, longitude: 7.05 }
const alps = { latitude: 46.85, longitude: 9.53 }
const dayMs = 86_400_000

/** More than two pages of the list; one a day from the 1st of March 2025. */
const loops: PastRide[] = Array.from({ length: 66 }, (_, index) => ({
  title: `Loop ${index + 1}`,
  at: new Date(Date.UTC(2025, 2, 1, 8) + index * dayMs).toISOString(),
  place: home,
  minutes: 8,
  seed: index + 1,
}))
const others: PastRide[] = [
  { title: 'Alpine pass', at: '2025-07-14T07:00:00Z', place: alps, minutes: 70, seed: 101 },
  // Where it is ridden it is the 2nd of August by then.
  { title: 'Night owl', at: '2025-08-01T22:30:00Z', place: home, minutes: 30, seed: 102 },
]
const all = loops.length + others.length
let ids: string[] = []

const visit = visits({}, async ({ url }) => {
  ids = await importRides(url, [...loops, ...others])
})

beforeEach(async () => {
  await visit.page?.addInitScript("localStorage.setItem('slipstream.units', 'metric')")
})

const rows = (page: Page) => page.locator('.history-row')
const titles = (page: Page) => page.locator('.history-row-title').allInnerTexts()

async function open(search = ''): Promise<Page> {
  const { product, page } = visit
  await page.goto(`${product.url}/history${search}`)
  return page
}

/** Waits until the list says that it has so many. */
async function found(page: Page, count: number): Promise<void> {
  await page.getByRole('heading', { name: count === 1 ? '1 ride' : `${count} rides`, exact: true }).waitFor()
}

async function drag(page: Page, by: { x: number; y: number }): Promise<void> {
  const box = await page.getByTestId('map').boundingBox()
  if (box === null) throw new Error('There is no map')
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + by.x / 2, y + by.y / 2)
  await page.mouse.move(x + by.x, y + by.y)
  await page.mouse.up()
}

const scrollTop = (page: Page) => page.evaluate<number>("document.getElementById('panel').scrollTop")

describe('the list', () => {
  it('goes on as one scrolls, to the first ride of all, and has in the page what is in sight', async () => {
    const page = await open()
    await found(page, all)
    expect((await titles(page))[0]).toBe('Night owl')
    await eventually('the end', async () => {
      await page.evaluate("document.getElementById('panel').scrollTop = 1e6")
      return (await titles(page)).at(-1) === 'Loop 1'
    })
    expect(await rows(page).count()).toBeLessThan(40)
    await visit.map.toSay('routes-count', String(all))
    expect(visit.complaints).toEqual([])
  })

  it('goes on by a button too', async () => {
    const page = await open()
    await page.evaluate('window.IntersectionObserver = undefined')
    await page.addInitScript(
      'window.IntersectionObserver = class { observe() {} disconnect() {} unobserve() {} }',
    )
    await page.reload()
    await found(page, all)
    await visit.map.toSay('routes-count', '30')
    await page.getByRole('button', { name: 'Show more' }).focus()
    await page.keyboard.press('Enter')
    await visit.map.toSay('routes-count', '60')
  })

  it('says that nobody answers, or that one is offline, and has what was looked for once somebody does', async () => {
    const { context } = visit
    const fault = visit.page.getByRole('alert').filter({ hasText: 'The rides could not be loaded' })
    // For so long the page does not try again by itself, and what loads it is the button.
    const busy = { message: 'Busy', extensions: { code: 'OVERLOADED', retryAfter: 600 } }
    await visit.page.route('**/graphql', (route) => route.fulfill({ json: { errors: [busy] } }))
    const page = await open()
    await fault.getByText('The server does not answer.').waitFor()
    await page.unroute('**/graphql')
    await fault.getByRole('button', { name: 'Try now' }).click()
    await found(page, all)
    await page.route('**/graphql', (route) => route.abort())
    await page.getByPlaceholder('Search rides').fill('Alpine')
    await fault.getByText('The server does not answer.').waitFor()
    expect(await rows(page).count()).toBe(0)
    await context.setOffline(true)
    await fault.getByRole('button', { name: 'Try now' }).click()
    await fault.getByText('You are offline.').waitFor()
    await page.unroute('**/graphql')
    await context.setOffline(false)
    await found(page, 1)
    expect(await titles(page)).toEqual(['Alpine pass'])
  })

  it('is as it was left when one comes back from a ride', async () => {
    const page = await open('?sort=oldest')
    await found(page, all)
    await eventually('the second page', async () => {
      await page.evaluate("document.getElementById('panel').scrollTop = 3000")
      return (await scrollTop(page)) === 3000
    })
    const link = page.getByRole('link', { name: /^Loop 36/ })
    await link.click()
    await page.getByRole('heading', { name: 'Loop 36' }).waitFor()
    await page.goBack()
    await link.waitFor()
    await eventually('the place where one was', async () => (await scrollTop(page)) === 3000)
    // A visit that is no way back begins at the beginning.
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await page.getByRole('link', { name: 'History', exact: true }).click()
    await found(page, all)
    await eventually('the beginning', async () => (await scrollTop(page)) === 0)
  })

  it('is sorted as one wants it', async () => {
    const page = await open()
    await found(page, all)
    await page.getByLabel('Order').selectOption('longest')
    await eventually('the longest first', async () => (await titles(page))[0] === 'Alpine pass')
    await page.getByLabel('Order').selectOption('oldest')
    await eventually('the oldest first', async () => (await titles(page))[0] === 'Loop 1')
    expect(page.url()).toContain('sort=oldest')
  })

  it('and the map point at the same ride', async () => {
    const [alpine, owl] = ids.slice(-2)
    const page = await open(`?map=${alps.latitude},${alps.longitude},15`)
    await found(page, all)
    await visit.map.toSay('routes-count', '30')
    await eventually('all of them drawn', async () => (await visit.map.says('missing')) === null)
    await page.getByRole('link', { name: /^Night owl/ }).hover()
    await visit.map.toSay('highlighted', owl ?? '')

    const map = page.getByTestId('map')
    const { width, height } = (await map.boundingBox()) ?? { width: 0, height: 0 }
    const row = page.getByRole('link', { name: /^Alpine pass/ })
    let step = 0
    await eventually('its row to stand out', async () => {
      // The receiver is a few metres off where the ride begins: the pointer looks around.
      step += 1
      await map.hover({
        position: { x: width / 2 + (step % 9) * 6 - 24, y: height / 2 + (step % 5) * 6 - 12 },
      })
      return (await row.getAttribute('data-highlighted')) !== null
    })
    await visit.map.toSay('highlighted', alpine ?? '')
    expect(visit.complaints).toEqual([])
  })
})

describe('a ride is found', () => {
  it('by its words', async () => {
    const page = await open()
    await found(page, all)
    await page.getByRole('searchbox').fill('alpi')
    await found(page, 1)
    expect(await titles(page)).toEqual(['Alpine pass'])
    await page.waitForURL(/text=alpi/)
    await page.getByRole('button', { name: 'Drop “alpi”' }).click()
    await found(page, all)
    expect(await page.getByRole('searchbox').inputValue()).toBe('')
  })

  it('by its day, also where another day has begun elsewhere', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('From', { exact: true }).fill('2025-08-02')
    await page.getByLabel('To', { exact: true }).fill('2025-08-02')
    await found(page, 1)
    expect(await titles(page)).toEqual(['Night owl'])
    await page.getByRole('button', { name: 'This year' }).click()
    await page.getByRole('heading', { name: 'None of your rides match' }).waitFor()
    await page.getByRole('button', { name: /^Without/ }).click()
    await found(page, all)
  })

  it('by its distance, in the units that one reads', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('At least').fill('15')
    await found(page, 1)
    expect(await titles(page)).toEqual(['Alpine pass'])
    await page.waitForURL(/min=15000/)
    await page.evaluate("localStorage.setItem('slipstream.units', 'imperial')")
    await page.addInitScript("localStorage.setItem('slipstream.units', 'imperial')")
    await page.reload()
    await page.getByRole('button', { name: 'Drop From 9.3 mi' }).waitFor()
  })

  it('near a place that is chosen on the map', async () => {
    const page = await open(`?map=${alps.latitude},${alps.longitude},11`)
    await found(page, all)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByRole('button', { name: 'Choose on the map' }).click()
    await page.getByTestId('map').click()
    await found(page, 1)
    expect(await titles(page)).toEqual(['Alpine pass'])
    await visit.map.toSay('circle-radii', '2000')
    await page.getByLabel('Within').selectOption('500')
    await visit.map.toSay('circle-radii', '500')
    await page.getByRole('button', { name: /^Drop Within 0.5 km/ }).click()
    await found(page, all)
    await visit.map.toSay('circle-count', '0')
  })

  it('where one is', async () => {
    await visit.context.grantPermissions(['geolocation'])
    await visit.context.setGeolocation(alps)
    const page = await open()
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByRole('button', { name: 'Use where I am' }).click()
    await found(page, 1)
    expect(await titles(page)).toEqual(['Alpine pass'])
  })

  it('in the area that the map shows, once it was moved, and wherever it is moved', async () => {
    const page = await open(`?map=${alps.latitude},${alps.longitude},10`)
    await found(page, all)
    await visit.map.toSay('map-ready', 'true')
    await drag(page, { x: 40, y: 30 })
    await page.getByRole('button', { name: 'Search this area' }).click()
    await found(page, 1)
    expect(await titles(page)).toEqual(['Alpine pass'])
    await page.waitForURL(/within=/)
    await page.getByLabel('Search as I move the map').check()
    await page.waitForURL(/moving=true/)
    await drag(page, { x: -300, y: 300 })
    await drag(page, { x: -300, y: 300 })
    await page.getByRole('heading', { name: 'None of your rides match' }).waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await found(page, all)
    expect(visit.complaints).toEqual([])
  })

  it('in words that cannot be looked for not, and it is said why', async () => {
    const page = await open()
    await found(page, all)
    await page.getByRole('searchbox').fill('-loop')
    await page
      .getByRole('alert')
      .getByText(/holds no word/)
      .waitFor()
  })
})

describe('what is added up', () => {
  it('leads from a bar to the rides of its time', async () => {
    const page = await open('?show=totals&until=2025-08-31&text=night')
    await page.getByRole('note').getByText('The filter “night” narrows only the list').waitFor()
    const bar = page.getByRole('link', { name: /^March 2025: 31 rides/ })
    await bar.click()
    await found(page, 31)
    await page.getByRole('button', { name: 'Drop March 2025' }).waitFor()
    await page.goBack()
    await bar.waitFor()
    await page.getByText('Weeks', { exact: true }).click()
    // Two weeks before it, by the keyboard.
    await page.getByRole('link', { name: /^28 Jul – 3 Aug 2025: 1 ride/ }).focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await found(page, 1)
    expect(await titles(page)).toEqual(['Alpine pass'])
    expect(visit.complaints).toEqual([])
  })

  it('is a table as well', async () => {
    const page = await open('?show=totals&by=year&until=2025-12-31')
    await page.getByText('As a table').click()
    const row = page.getByRole('row', { name: /^2025/ })
    expect(await row.getByRole('cell').first().innerText()).toBe(String(all))
  })

  it('leads from a day of the calendar to what was ridden on it, where it was ridden', async () => {
    const page = await open('?show=calendar&year=2025')
    await page.getByRole('button', { name: /^Saturday 2 August 2025: 1 ride/ }).click()
    await found(page, 1)
    expect(await titles(page)).toEqual(['Night owl'])
    await page.goBack()
    const day = page.getByRole('button', { name: /^Tuesday 1 April 2025: 1 ride/ })
    await day.focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate('document.activeElement.dataset.day')).toBe('2025-03-26')
    await page.keyboard.press('Enter')
    await found(page, 1)
    expect(await titles(page)).toEqual(['Loop 26'])
    expect(visit.complaints).toEqual([])
  })

  it('leads from a record to its ride', async () => {
    const page = await open('?show=records')
    await page.getByRole('link', { name: /^Longest ride.*Alpine pass/ }).click()
    await page.getByRole('heading', { name: 'Alpine pass' }).waitFor()
    expect(page.url()).toContain(ids.at(-2))
  })
})

describe('on a phone', () => {
  beforeEach(() => visit.page?.setViewportSize({ width: 390, height: 844 }))

  it('every part has its place, and nothing is wider than the screen', async () => {
    const page = await open()
    await found(page, all)
    const parts = [
      ['Totals', page.getByRole('link', { name: /rides, / }).first()],
      ['Calendar', page.getByRole('region', { name: /^January/ })],
      ['Records', page.getByRole('link', { name: /^Longest ride/ })],
      ['Rides', page.getByRole('link', { name: /^Night owl/ })],
    ] as const
    for (const [name, shown] of parts) {
      await page.getByRole('navigation', { name: 'History' }).getByRole('link', { name }).click()
      if (name === 'Totals') await page.getByRole('button', { name: 'Earlier' }).click()
      await shown.waitFor()
      const widths = await page.evaluate<number[]>(
        "[document.documentElement, document.getElementById('panel')].map((each) => each.scrollWidth - each.clientWidth)",
      )
      expect(widths, name).toEqual([0, 0])
    }
  })

  it('a ride is found, and found again when one comes back', async () => {
    const page = await open()
    await found(page, all)
    await page.getByRole('searchbox').fill('night')
    await found(page, 1)
    await rows(page).click()
    await page.getByRole('heading', { name: 'Night owl' }).waitFor()
    await page.goBack()
    await found(page, 1)
    expect(await page.getByRole('searchbox').inputValue()).toBe('night')
    expect(visit.complaints).toEqual([])
  })

  it('a day of the calendar and the button of the map lead to rides', async () => {
    const page = await open('?show=calendar&year=2025')
    await page.getByRole('button', { name: /^Monday 14 July 2025: 1 ride/ }).click()
    await found(page, 1)
    await page.getByRole('button', { name: 'Drop 14 Jul 2025' }).click()
    await found(page, all)
    await visit.map.toSay('map-ready', 'true')
    await drag(page, { x: 60, y: 0 })
    await page.getByRole('button', { name: 'Search this area' }).click()
    await page.waitForURL(/within=/)
  })
})
