import { expect, test } from 'vitest'
import { readOptions } from '../../src/cli/token/options.ts'

test('a key reads and writes for ever unless it is said otherwise', () => {
  expect(readOptions(['--rider', ' Ana '])).toEqual({
    outcome: 'options',
    options: { rider: 'Ana', scopes: ['rides:read', 'rides:write'], name: 'npm run token', lifetimeMs: null },
  })
  expect(
    readOptions([
      '--rider',
      'Ana',
      '--scope',
      'admin',
      '--scope',
      'rides:read',
      '--name',
      'Logger',
      '--expires',
      '12h',
    ]),
  ).toEqual({
    outcome: 'options',
    options: { rider: 'Ana', scopes: ['rides:read', 'admin'], name: 'Logger', lifetimeMs: 43_200_000 },
  })
})

test.each([
  [['--scope', 'admin'], '--rider NAME'],
  [['--rider', ' '], '--rider NAME'],
  [['--rider', 'Ana', '--scope', 'everything'], 'rides:read, rides:write, admin'],
  [['--rider', 'Ana', '--expires', 'soon'], '12h, 90d or 1y'],
  [['--rider', 'Ana', '--expires', '0d'], '12h, 90d or 1y'],
  [['--rider', 'x'.repeat(101)], '1 to 100 characters'],
  [['--ride', 'Ana'], '--ride'],
])('%j is a mistake, and it is said what would be right', (args, hint) => {
  expect(readOptions(args)).toMatchObject({ outcome: 'mistake', message: expect.stringContaining(hint) })
})
