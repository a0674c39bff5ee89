/** Servers in processes of their own, which are gone when this one is. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface ServerProcess extends AsyncDisposable {
  readonly pid: number
}

export interface ProcessOptions {
  readonly directory: string | URL
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a file that prints a line once it listens. */
export async function startServer(
  [file, ...args]: readonly [string, ...string[]],
  { directory, env = {} }: ProcessOptions,
): Promise<ServerProcess> {
  const child = begin([file, ...args], directory, env)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ${args.join(' ')} ended with ${code} before it listened`)
  })
  await Promise.race([once(child.stdout!, 'data'), ended])
  ended.catch(() => undefined)
  // Nobody reads on; a full pipe would stop it.
  child.stdout?.resume()
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await end(child)
    },
  }
}

/** Runs a file to its end, and gives what it printed. Rejects where it failed. */
export async function outputOf(
  [file, ...args]: readonly [string, ...string[]],
  { directory, env = {} }: ProcessOptions,
): Promise<string> {
  const child = begin([file, ...args], directory, env)
  const [output, [code]] = await Promise.all([text(child.stdout!), once(child, 'close')])
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}\n${output}`)
  return output
}

const running = new Set<ChildProcess>()

// A run that is stopped in the middle comes to no other end.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function begin(args: readonly string[], directory: string | URL, env: Readonly<Record<string, string>>) {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const
  const inherited = Object.fromEntries(
    kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  )
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { ...inherited, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'exit')
  child.kill('SIGKILL')
  await closed
}
