import { expect, test } from 'vitest'
import { readOptions } from '#cli/projections/options.ts'

const rideId = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'
/** In the log; it begins as an option does. */
const name = `-j${'aB3_'.repeat(14)}x`

test.each([
  [['status'], { command: 'status', json: false }],
  [['status', '--json'], { command: 'status', json: true }],
  [['parked'], { command: 'parked', ride: undefined, json: false }],
  [['parked', rideId], { command: 'parked', ride: rideId, json: false }],
  [['parked', name, '--json'], { command: 'parked', ride: name, json: true }],
  [['retry', rideId], { command: 'retry', ride: rideId }],
  [['skip', rideId], { command: 'skip', ride: rideId }],
  [['rebuild', 'rides'], { command: 'rebuild', name: 'rides' }],
  [['cancel', 'routes'], { command: 'cancel', name: 'routes' }],
])('%j is understood', (args, command) => {
  expect(readOptions(args)).toEqual({ outcome: 'command', command })
})

test.each([[['--help']], [['-h']], [['help']], [['retry', '--help']]])('%j asks for help', (args) => {
  expect(readOptions(args)).toEqual({ outcome: 'help' })
})

test.each([
  [[], /Begin with status/],
  [['repair'], /no command 'repair'/],
  [['status', 'rides'], /all projections/],
  [['retry'], /Which ride/],
  [['retry', 'mine'], /'mine' is no ride's id/],
  [['skip', 'mine'], /'mine' is no ride's id/],
  [['parked', 'mine'], /'mine' is no ride's id/],
  [['rebuild'], /Which projection\? There are: rides, routes\./],
  [['rebuild', 'climbs'], /no projection 'climbs'\. There are: rides, routes\./],
  [['cancel', 'climbs'], /no projection 'climbs'/],
  [['retry', rideId, rideId], /One at a time/],
  [['retry', rideId, '--json'], /status and parked/],
  [['status', '--jsn'], /jsn/],
])('%j is a mistake, and it is said which', (args, message) => {
  expect(readOptions(args)).toEqual({ outcome: 'mistake', message: expect.stringMatching(message) })
})
