/** The app as one that is installed: without a network, and when there is a newer version. */
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { connect } from '../api/client.ts'
import { complaintsOf } from './chromium.ts'
import { openPhone } from './recorder.ts'
import { visits } from './visit.ts'

const visit = visits()

it('can be installed', async () => {
  const { product, browser } = visit
  await using phone = await openPhone(browser)
  const { page, context } = phone
  const complaints = complaintsOf(page)
  await page.goto(product.url)
  await phone.toBeKept()
  const devtools = await context.newCDPSession(page)
  const { errors, data } = await devtools.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(JSON.parse(data ?? '')).toMatchObject({ name: 'Slipstream', start_url: '/' })
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  // A window of a test leaves no trace, and that alone keeps it from installing anything.
  const others = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')
  expect(others).toEqual([])
  expect(complaints).toEqual([])
})

it('keeps nothing but what it is made of, and opens while the server is away', async () => {
  const { product, browser } = visit
  await using phone = await openPhone(browser)
  const { page } = phone
  await page.goto(`${product.url}/history?map=46.5,7.1,9.00`)
  await phone.toBeKept()
  await page.goto(`${product.url}/import`)
  await page.getByRole('heading', { name: 'Import rides' }).waitFor()
  const kept: string[] = await page.evaluate(`(async () => {
    const names = await caches.keys()
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })()`)
  expect(kept).toContain('/index.html')
  expect(
    kept.filter(
      (path) => !/^\/(assets\/|icons\/|index\.html$|favicon\.svg$|manifest\.webmanifest$)/.test(path),
    ),
  ).toEqual([])
  expect(kept.filter((path) => path.includes('mapbox'))).toEqual([])

  await product.stop()
  await page.goto(`${product.url}/record`)
  await page.getByRole('heading', { name: 'Record a ride' }).waitFor({ state: 'attached' })
  await page.locator('[data-map-ready="true"]').waitFor()
  await product.restart()
  await using api = connect(product.url)
  expect((await api.ask('{ viewer { id } }')).data).toBeTruthy()
})

it('a page is told of a newer version, and loads it when its reader says so', async () => {
  const { product, browser } = visit
  await using releases = await startReleases(product.url)
  await using phone = await openPhone(browser)
  const { page } = phone
  await page.goto(releases.url)
  await phone.toBeKept()
  const first = await page.locator('meta[name="build"]').getAttribute('content')
  releases.release(String(first))
  await page.evaluate('navigator.serviceWorker.ready.then((registration) => registration.update())')
  await page.getByText('A new version is available.').waitFor()
  await page.getByRole('button', { name: 'Load it' }).click()
  await page.locator(`meta[name="build"][content="${first}-next"]`).waitFor({ state: 'attached' })
  // It is the one that was loaded: nothing is left to be told.
  await phone.toBeKept()
  expect(await page.getByText('A new version is available.').count()).toBe(0)
})

/** The product behind an address where another build of its page can come out. */
async function startReleases(target: string) {
  let before: string | null = null
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' }
    const isPage = /^\/(sw\.js|index\.html|)($|\?)/.test(incoming.url ?? '')
    if (isPage) delete headers['if-none-match']
    const passed = ask(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method ?? 'GET', headers },
      (answer) => {
        if (!isPage || before === null) {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
          return
        }
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8').replaceAll(String(before), `${before}-next`)
          const { 'content-length': _, etag: __, ...others } = answer.headers
          outgoing.writeHead(answer.statusCode ?? 502, others).end(text)
        })
      },
    )
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    release(build: string) {
      before = build
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
