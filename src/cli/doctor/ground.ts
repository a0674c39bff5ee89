/** What the database stands on: its size, the disk, and what time it is. */
import { offMs } from '#database/clock.ts'
import { type Finding, findingsAbout } from './finding.ts'
import type { ServerFacts } from './server-facts.ts'
import { sizeText } from './size.ts'

const littleBytes = 2 * 1024 ** 3
const tooLittleBytes = 256 * 1024 ** 2

/** `free` on the disk of the data directory; undefined where that is of another machine. */
export function judgeDisk(bytes: number, free: number | undefined): Finding {
  const { good, doubtful, wrong } = findingsAbout('Disk')
  const size = `The database takes ${sizeText(bytes)}`
  if (free === undefined) {
    return good(`${size}. How much its server has left cannot be seen from here.`)
  }
  const says = `${size}, and ${sizeText(free)} are free on its disk.`
  const more = 'Make room: a database whose disk is full takes nothing more.'
  if (free < tooLittleBytes) return wrong(says, more)
  return free < littleBytes ? doubtful(says, more) : good(says)
}

/** How far the database's clock is ahead, as far as that is certain: it was read somewhere between before and after. */
export function judgeClock({ before, there, after }: ServerFacts['clock']): Finding {
  const { good, wrong } = findingsAbout('Clock')
  const ahead = there > after ? there - after : Math.min(0, there - before)
  const says = `This machine's clock is ${(Math.abs(ahead) / 1_000).toFixed(1)} s ${ahead > 0 ? 'behind' : 'ahead of'} the database's.`
  // From there on a process says so itself, and the alert ClockOff fires.
  if (Math.abs(ahead) <= offMs) return good("This machine's clock and the database's agree.")
  return wrong(says, 'Set both by the network (NTP): systemd-timesyncd or chrony.')
}
