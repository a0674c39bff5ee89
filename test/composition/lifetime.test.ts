/** A process that does nothing but live: what it says when it closes, and in which order. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'

/** Whatever is written to it lets the front come to its end, or opens it anew. */
const program = (drainMs: number, then: string) => `
import { live } from '#lifetime.ts'
let opening
const told = () => new Promise((resolve) => process.stdin.once('data', resolve))
await live({ drainMs: ${drainMs}, reasonOf: String, onFault: (what) => console.log(what), open: async (given) => {
  opening = given
  given.rooms.defer(() => console.log('rooms are closed'))
  given.front.defer(async () => {
    console.log('front is being closed')
    await told()
    console.log('front is closed')
  })
} })
console.log('open')
${then}
`

function begin(drainMs: number, then: string) {
  const args = ['--input-type=module', '--eval', program(drainMs, then)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = once(child, 'close')
  return {
    child,
    ended,
    said: () => said.split('\n').filter((line) => line !== ''),
    saying: (what: string) => eventually(`it to say ${what}`, () => said.includes(what)),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('asked to stop while all is being closed to be opened anew, it waits until the front is closed, and then closes the rooms', async () => {
  await using life = begin(0, `opening.openAnew('The log is another one')`)
  await life.saying('front is being closed')
  life.child.kill('SIGTERM')
  await life.saying('stopping')
  life.child.stdin.write('answered\n')
  expect(await life.ended).toEqual([0, null])
  expect(life.said()).toEqual([
    'open',
    'The log is another one. Everything is closed and opened again',
    'front is being closed',
    'SIGTERM: stopping; what is under way comes to its end. Asked again, it leaves at once.',
    'front is closed',
    'rooms are closed',
    expect.stringMatching(/^Stopped, \d+\.\d s after it was asked to\.$/),
  ])
})

test('where the log becomes another one while it drains, it drains no longer', async () => {
  await using life = begin(300_000, `told().then(() => opening.openAnew('The log is another one'))`)
  await life.saying('open')
  life.child.kill('SIGTERM')
  await life.saying('stopping')
  life.child.stdin.write('restored\n')
  await life.saying('front is being closed')
  life.child.stdin.write('answered\n')
  expect(await life.ended).toEqual([0, null])
  expect(life.said().slice(2)).toEqual([
    'The log is another one. Everything is closed',
    'front is being closed',
    'front is closed',
    'rooms are closed',
    expect.stringMatching(/^Stopped, /),
  ])
})

test('asked twice at once, as whoever stops a group of processes does, it is asked once; asked again later it leaves', async () => {
  await using life = begin(300_000, `told().then(() => console.log('still here'))`)
  await life.saying('open')
  life.child.kill('SIGTERM')
  life.child.kill('SIGINT')
  await life.saying('all is served as before for 300 s')
  life.child.stdin.write('are you there?\n')
  await life.saying('still here')
  await eventually('it to leave', () => !life.child.kill('SIGTERM') || life.child.exitCode !== null)
  expect(await life.ended).toEqual([1, null])
  expect(life.said()).not.toContain('front is being closed')
})
