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
    // Left alone, it would go on installing behind the back of the next start.
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const endBoth = (signal) => {
      child.kill(signal)
      for (const handled of signals) process.removeListener(handled, endBoth)
      process.kill(process.pid, signal)
    }
    for (const signal of signals) process.on(signal, endBoth)
    const settle = (result) => {
      for (const signal of signals) process.removeListener(signal, endBoth)
      resolve(result)
    }
    child.on('error', (error) => settle({ code: 1, output: error.message }))
    child.on('close', (code) => settle({ code: code ?? 1, output }))
  })
}
