/**
 * A clone in miniature for the setup to work on: the real scripts, with an npm and a Vite that only write down that
 * they were called.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Clone extends AsyncDisposable {
  write(path: string, text: string): Promise<void>
  /** What a file holds; undefined where there is none. */
  read(path: string): Promise<string | undefined>
  /** Makes a file look changed a minute after everything else. */
  touch(path: string): Promise<void>
  /** The calls of npm and Vite so far, one a line. */
  calls(): Promise<string[]>
  setup(...words: string[]): RunningSetup
}

export interface RunningSetup {
  readonly process: ChildProcess
  output(): string
  /** Gives the exit code. */
  ended(): Promise<number | null>
}

/** @param npm what the clone's npm does, as JavaScript; unless told otherwise it installs. */
export async function clone({ npm = installs } = {}): Promise<Clone> {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-clone-'))
  const started: ChildProcess[] = []
  const write = async (path: string, text: string) => {
    await mkdir(join(directory, path, '..'), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  const read = (path: string) => readFile(join(directory, path), 'utf8').catch(() => undefined)

  await cp(join(import.meta.dirname, '../../scripts'), join(directory, 'scripts'), { recursive: true })
  await write('package-lock.json', '{}')
  await write('web/index.html', '')
  await write('npm.cjs', `${records('npm')}${npm}`)
  return {
    write,
    read,
    touch: async (path) => {
      const later = new Date(Date.now() + 60_000)
      await utimes(join(directory, path), later, later)
    },
    calls: async () => (await read('calls'))?.trim().split('\n') ?? [],
    setup: (...words) => {
      let output = ''
      const child = spawn(process.execPath, ['scripts/setup.mjs', ...words], {
        cwd: directory,
        env: { PATH: process.env['PATH'], npm_execpath: join(directory, 'npm.cjs') },
      })
      started.push(child)
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      }
      const closed = once(child, 'close')
      return {
        process: child,
        output: () => output,
        ended: async () => {
          await closed
          return child.exitCode
        },
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of started) child.kill('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const records = (name: string) =>
  `const fs = require('node:fs'); fs.appendFileSync('calls', '${name} ' + process.argv.slice(2).join(' ') + '\\n');`

const vite = `${records('vite')} fs.mkdirSync('web/dist', { recursive: true }); fs.writeFileSync('web/dist/index.html', '')`

/** What an npm does that succeeds. */
export const installs = `
  fs.mkdirSync('node_modules/vite/bin', { recursive: true })
  fs.writeFileSync('node_modules/vite/bin/vite.js', ${JSON.stringify(vite)})
  fs.writeFileSync('node_modules/.package-lock.json', '')`
