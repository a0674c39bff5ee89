import { expect, test } from 'vitest'
import { measurements, readOptions } from './options.ts'

function optionsOf(...args: string[]) {
  const read = readOptions(args)
  if (read.outcome !== 'options') throw new Error(JSON.stringify(read))
  return read.options
}

function mistakeIn(...args: string[]): string {
  const read = readOptions(args)
  return read.outcome === 'mistake' ? read.message : read.outcome
}

test('without a word everything of the table is measured, in three rounds', () => {
  expect(optionsOf()).toMatchObject({ only: measurements, rounds: 3, quick: false, growth: false })
  expect(optionsOf().soakMinutes).toBeUndefined()
})

test('a quick look takes one round, unless more are asked for', () => {
  expect(optionsOf('--quick').rounds).toBe(1)
  expect(optionsOf('--quick', '--rounds', '2').rounds).toBe(2)
})

test('some are measured in their own order', () => {
  expect(optionsOf('--only', 'memory,writes').only).toEqual(['writes', 'memory'])
})

test('a soak takes thirty minutes, or as many as are said', () => {
  expect(optionsOf('--soak').soakMinutes).toBe(30)
  expect(optionsOf('--soak', '--quick').soakMinutes).toBe(30)
  expect(optionsOf('--soak', '0.5').soakMinutes).toBe(0.5)
})

test('what is wrong is said in a sentence that names what is right', () => {
  expect(mistakeIn('--only', 'writes,speed')).toContain("not 'speed'")
  expect(mistakeIn('--only', 'writes,speed')).toContain('batches')
  expect(mistakeIn('--rounds', '0')).toContain('--rounds')
  expect(mistakeIn('--soak', 'long')).toContain('minutes')
  expect(mistakeIn('--faster')).toContain('--faster')
  expect(mistakeIn('--help')).toBe('help')
})

test('the README shows what was measured in full', () => {
  const peers = ['--peers', 'peers']
  expect(mistakeIn('--markdown', '--quick', ...peers)).toContain('--quick')
  expect(mistakeIn('--markdown', '--only', 'writes', ...peers)).toContain('--only')
  expect(mistakeIn('--markdown')).toContain('--peers')
  expect(optionsOf('--markdown', ...peers).markdown).toBe(true)
})
