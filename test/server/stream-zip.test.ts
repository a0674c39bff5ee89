import { once } from 'node:events'
import { createServer } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { streamZip, type ZipEntry } from '#server/stream-zip.ts'

test('an archive of many entries is listened to once', async () => {
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  onTestFinished(() => void process.off('warning', note))
  async function* entries(): AsyncGenerator<ZipEntry> {
    for (let count = 1; count <= 50; count++) yield { path: `${count}.txt`, at: new Date(0), content: ['a'] }
  }
  expect(await fetched(entries())).toContain('50.txt')
  expect(warnings).toEqual([])
})

test('of entries that are written nothing is kept that they were made of', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const made: WeakRef<object>[] = []
  let kept = Number.POSITIVE_INFINITY
  /** As a ride's file is made of its track. */
  function* linesOf(track: readonly number[]): Generator<string> {
    for (const each of track) yield `${each}\n`
  }
  async function* entries(): AsyncGenerator<ZipEntry> {
    for (let count = 1; count <= 20; count++) {
      const track = Array.from({ length: 1_000 }, (_, index) => index)
      made.push(new WeakRef(track))
      yield { path: `${count}.txt`, at: new Date(0), content: linesOf(track) }
    }
    await turn()
    collect()
    kept = made.filter((each) => each.deref() !== undefined).length
  }
  await fetched(entries())
  // The last one may be on its way out.
  expect(kept).toBeLessThanOrEqual(1)
})

async function fetched(entries: AsyncIterable<ZipEntry>): Promise<string> {
  const server = createServer((_, response) => void streamZip(entries, response))
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const archive = await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer()
  return new TextDecoder().decode(archive)
}
