/**
 * Runs the command as if it had been started directly: its output, its exit code, and each signal exactly once.
 *
 * Ctrl-C reaches every process of the terminal's group, and npm hands on what it got itself: the same Ctrl-C would
 * come to the server two or three times, and a second one means "leave at once". So the command has a process group
 * of its own, and its signals come from here alone. In return it has to notice when this process is killed, or it
 * would live on unseen: that is what the channel between the two is for (end-with-parent.mjs).
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { root } from './place.mjs'

/** A person needs longer than this for a second Ctrl-C, npm less to hand on the first. */
const sameSignalMs = 400

/** What comes in, and what goes out: a terminal that was closed is no reason to stop less carefully. */
const signals = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' }

export function run(node, command) {
  const child = spawn(
    node,
    ['--import', new URL('./end-with-parent.mjs', import.meta.url).href, ...command],
    {
      cwd: root,
      env: {
        // What Node made of the sources the last time: a start takes half the processor's time with it.
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
        ...process.env,
        SLIPSTREAM_STARTED_BY: String(process.pid),
      },
      // On Windows a group of its own would mean a window of its own, and Ctrl-C is delivered once there.
      detached: process.platform !== 'win32',
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  )
  const lastAt = new Map()
  for (const [signal, handedOn] of Object.entries(signals)) {
    process.on(signal, () => {
      const now = Date.now()
      const repeated = now - (lastAt.get(signal) ?? Number.NEGATIVE_INFINITY) < sameSignalMs
      if (repeated) return
      lastAt.set(signal, now)
      if (process.platform !== 'win32') child.kill(handedOn)
    })
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    // Ended by a signal, it is reported as such: the same one ends this process.
    for (const handled of Object.keys(signals)) process.removeAllListeners(handled)
    process.kill(process.pid, signal)
    setTimeout(() => process.exit(128 + constants.signals[signal]), 500)
  })
}
