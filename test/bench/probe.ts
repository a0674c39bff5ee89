/** A look into a server's process from outside: its memory and how late its event loop is. */
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

export interface Probe {
  /** What the server is to be started with. */
  readonly env: Readonly<Record<string, string>>
  /** `collected`: without garbage, which takes a moment in which the server does nothing else. */
  look(how?: 'collected'): Promise<Look>
}

/** Bytes, and milliseconds since the look before. */
export type Look = z.infer<typeof looked>

const looked = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  lateMs: z.object({ p99: z.number(), most: z.number() }),
})

export function createProbe(): Probe {
  const socketPath = join(tmpdir(), `slipstream-probe-${crypto.randomUUID().slice(0, 8)}.sock`)
  // A server that is killed leaves it behind.
  process.once('exit', () => rmSync(socketPath, { force: true }))
  const file = new URL('servers/probe.ts', import.meta.url).href
  return {
    env: { BENCH_PROBE: socketPath, NODE_OPTIONS: `--expose-gc --import=${file}` },
    async look(how) {
      const asked = request({ socketPath, path: how === undefined ? '/' : `/${how}` })
      asked.end()
      const [response] = await once(asked, 'response')
      return looked.parse(JSON.parse(await text(response)))
    },
  }
}
