/** The proxy of ops/proxy, in front of processes of a test's own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

export interface Caddy extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** What it has said so far. */
  output(): string
}

const caddyfile = resolve(import.meta.dirname, '../../ops/proxy/Caddyfile')

/**
 * @param urls of the APIs. Resolves when it answers for one of them; with `nobodyThere`, when it answers itself, and then it says all
 *   that it has to say, as with the level DEBUG.
 */
export async function startCaddy(
  urls: readonly string[],
  { nobodyThere = false }: { readonly nobodyThere?: boolean } = {},
): Promise<Caddy> {
  const home = await mkdtemp(join(tmpdir(), 'slipstream-caddy-'))
  const port = await freePort()
  const config = join(home, 'Caddyfile')
  const asItIs = await readFile(caddyfile, 'utf8')
  await writeFile(config, nobodyThere ? asItIs.replace('log {', 'log {\nlevel DEBUG') : asItIs)
  const child = spawn('caddy', ['run', '--config', config, '--adapter', 'caddyfile'], {
    env: {
      ...{ PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home },
      SITE: `:${port}`,
      UPSTREAMS: urls.map((url) => new URL(url).host).join(' '),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const url = `http://127.0.0.1:${port}`
  const caddy: Caddy = {
    url,
    pid: child.pid ?? 0,
    output: () => said,
    async [Symbol.asyncDispose]() {
      process.off('exit', kill)
      if (child.exitCode === null) {
        const ended = once(child, 'exit')
        kill()
        await ended
      }
      await rm(home, { recursive: true, force: true })
    },
  }
  try {
    await eventually('Caddy to answer', async () => {
      if (child.exitCode !== null) throw new Error(`It ended:\n${said}`)
      const { status } = await fetch(`${url}${nobodyThere ? '/healthz' : '/config.json'}`)
      return status === (nobodyThere ? 404 : 200)
    })
    return caddy
  } catch (error) {
    await caddy[Symbol.asyncDispose]()
    throw error
  }
}
