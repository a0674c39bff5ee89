/**
 * All pages, and some of their states: whoever adds a page adds it here, and it is looked at in both themes, on a phone and on a
 * desk (screens.test.ts), and pictured (`npm run screenshots`).
 */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { openWindow } from './chromium.ts'
import type { Scene } from './scene.ts'

export interface Screen {
  /** Of the picture's file. */
  readonly name: string
  /** Below the address. */
  readonly path: (scene: Scene) => string
  /** What has to be seen before the page is there. */
  readonly shows: (page: Page) => Locator
  /** Who looks at it. Left out: the local rider, where nobody signs in. */
  readonly as?: 'rider' | 'nobody'
}

const heading =
  (name: string | RegExp, level = 1) =>
  (page: Page) =>
    page.getByRole('heading', { level, name })
const row = (page: Page) => page.getByRole('listitem')

export const screens: readonly Screen[] = [
  { name: 'live', path: () => '/', shows: row },
  { name: 'live-card', path: ({ live }) => `/?ride=${live}`, shows: row },
  { name: 'ride', path: ({ finished }) => `/rides/${finished}`, shows: heading(/./) },
  { name: 'ride-live', path: ({ live }) => `/rides/${live}`, shows: heading(/./) },
  { name: 'history', path: () => '/history?status=FINISHED', shows: row },
  {
    name: 'history-totals',
    path: () => '/history?show=totals',
    shows: (page) => page.locator('figure.bars'),
  },
  {
    name: 'history-calendar',
    path: () => '/history?show=calendar',
    shows: (page) => page.locator('.calendar-sum'),
  },
  { name: 'history-records', path: () => '/history?show=records', shows: row },
  { name: 'record', path: () => '/record', shows: heading('Record a ride') },
  { name: 'import', path: () => '/import', shows: heading('Import rides') },
  { name: 'settings', path: () => '/settings', shows: heading(/./), as: 'rider' },
  { name: 'settings-privacy', path: () => '/settings/privacy', shows: heading(/./), as: 'rider' },
  { name: 'settings-keys', path: () => '/settings/keys', shows: heading(/./), as: 'rider' },
  { name: 'settings-webhooks', path: () => '/settings/webhooks', shows: heading(/./), as: 'rider' },
  { name: 'settings-data', path: () => '/settings/data', shows: heading(/./), as: 'rider' },
  { name: 'sign-in', path: () => '/sign-in', shows: heading('Sign in'), as: 'nobody' },
  { name: 'log', path: () => '/log', shows: heading('Projections', 2) },
  {
    name: 'log-streams',
    path: () => '/log/streams',
    shows: (page) => page.getByRole('main').getByRole('link'),
  },
  {
    name: 'log-stream',
    path: ({ finished }) => `/log/streams/${finished}?version=3`,
    shows: (page) => page.getByRole('option'),
  },
  { name: 'not-found', path: () => '/nowhere', shows: (page) => page.getByRole('heading') },
]

export const themes = ['light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const sizes = {
  phone: { width: 390, height: 844 },
  desk: { width: 1280, height: 800 },
} as const
export type Size = keyof typeof sizes

export interface Look {
  readonly theme: Theme
  readonly size: Size
}

export const looks: readonly Look[] = themes.flatMap((theme) =>
  (['phone', 'desk'] as const).map((size) => ({ theme, size })),
)

/** A window in which all stands still that is not the page's own doing. */
export function openStill(browser: Browser): Promise<BrowserContext> {
  return openWindow(browser, {
    reducedMotion: 'reduce',
    // Kilometres, and the day before the month.
    locale: 'en-IE',
    timezoneId: 'Europe/Ljubljana',
    deviceScaleFactor: 1,
  })
}

/** Opens it and waits until all of it is there: what it shows, its letters, and the map where there is one. */
export async function openScreen(page: Page, screen: Screen, scene: Scene): Promise<void> {
  if (screen.as === 'rider') await scene.signIn(page.context())
  const address = screen.as === undefined ? scene.open : scene.guarded
  await page.goto(address + screen.path(scene))
  await screen.shows(page).first().waitFor()
  await toBeThere(page)
}

/** A page that is open is looked at in another way, and waited for again. */
export async function lookAt(page: Page, { theme, size }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await page.setViewportSize(sizes[size])
  await toBeThere(page)
}

async function toBeThere(page: Page): Promise<void> {
  for (const loading of ['[aria-busy=true]', '[role=status][aria-label^=Loading]']) {
    await eventually('nothing to load', async () => (await page.locator(loading).count()) === 0, {
      withinMs: 30_000,
    })
  }
  if (await page.getByTestId('map').isVisible()) {
    await page.locator('[data-map-ready=true]:not([data-missing])').waitFor({ state: 'attached' })
  }
  await page.evaluate('document.fonts.ready.then(() => undefined)')
}
