/** A command of the product as its user runs it, in a process of its own that ends with the test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** `file` is below src/cli. Of the test's own environment PATH and what Node keeps compiled reach the command, and nothing else but `env`. */
export function startCommand(
  file: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): ChildProcess {
  const child = spawn(process.execPath, [`src/cli/${file}`, ...args], {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** What it said, on which stream, and how it ended. */
export async function ended(child: ChildProcess) {
  const [output, complaint, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ])
  return { code, output, complaint }
}
