/** One setup of a clone at a time: two that install into the same folder leave a broken one behind. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { root } from './place.mjs'

const clone = createHash('sha256').update(`${userInfo().uid} ${root}`).digest('hex').slice(0, 12)
const lock = join(tmpdir(), `slipstream-setup-${clone}`)

/** Does the work when nobody else does, waiting for whoever does. */
export async function alone(work) {
  let told = false
  while (!taken()) {
    if (!told) process.stderr.write('Another start of this clone is setting it up; waiting for it…\n')
    told = true
    await pause(200)
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function taken() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!lives(holder())) rmSync(lock, { force: true })
    return false
  }
}

/** The process that holds the lock; undefined where it has just let go, or is about to write its number. */
function holder() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    return pid > 0 ? pid : undefined
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return undefined
  }
}

/** One that was killed leaves its lock behind. */
function lives(pid) {
  if (pid === undefined) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}
