import { expect, test } from 'vitest'
import { replayCommand, simulateCommand } from '../../../web/live/replay-command.ts'

test.each([
  ['http://127.0.0.1:4000', 'npm run ride -- FILE --speed 60'],
  ['http://127.0.0.1:4001', 'npm run ride -- FILE --speed 60 --url http://127.0.0.1:4001'],
  ['https://rides.example.org', 'npm run ride -- FILE --speed 60 --url https://rides.example.org'],
])('a recording is replayed to the server of the page at %s', (origin, command) => {
  expect(replayCommand(origin)).toBe(command)
})

test.each([
  ['http://127.0.0.1:4000', 'npm run simulate'],
  ['http://127.0.0.1:4001', 'npm run simulate -- --url http://127.0.0.1:4001'],
])('riders are made up on the server of the page at %s', (origin, command) => {
  expect(simulateCommand(origin)).toBe(command)
})
