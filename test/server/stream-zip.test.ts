import { once } from 'node:events'
import { createServer } from 'node:http'
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
  const server = createServer((_, response) => void streamZip(entries(), response))
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const archive = await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer()
  expect(new TextDecoder().decode(archive)).toContain('50.txt')
  expect(warnings).toEqual([])
})
