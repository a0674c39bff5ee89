/** What a browser has to fetch before it shows anything. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const dist = new URL('../../web/dist/', import.meta.url)
/** Bytes, packed by gzip: two seconds of a slow phone's network. */
const mostBytes = 250_000

it('the first view is small, and has no map library in it', () => {
  const html = readFileSync(new URL('index.html', dist), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file!)
  expect(files.some((file) => file.endsWith('.js'))).toBe(true)
  expect(files.some((file) => file.endsWith('.css'))).toBe(true)
  expect(files.filter((file) => /mapbox|maplibre/.test(file))).toEqual([])
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0)
  expect(bytes).toBeLessThan(mostBytes)
})
