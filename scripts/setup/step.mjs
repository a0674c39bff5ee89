/** One step of the setup: a sentence, what it takes to do it, and how long that took. */
import { spawn } from 'node:child_process'
import { root } from './place.mjs'

/**
 * Runs a program quietly under a sentence that says what is being done, with the seconds counting up where a person
 * is looking. Gives its exit code and everything it printed.
 */
export async function step(sentence, program, args, { shell = false } = {}) {
  const startedAt = Date.now()
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  const watched = process.stderr.isTTY
  process.stderr.write(`${sentence}…${watched ? '' : '\n'}`)
  const clock = watched && setInterval(() => process.stderr.write(`\r${sentence}… ${seconds()}`), 1000)
  const result = await quietly(program, args, shell)
  if (clock) clearInterval(clock)
  const outcome = result.code === 0 ? 'done' : 'failed'
  process.stderr.write(watched ? `\r${sentence}… ${outcome}, ${seconds()}\n` : `… ${outcome}, ${seconds()}\n`)
  return result
}

function quietly(program, args, shell) {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, { cwd: root, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
