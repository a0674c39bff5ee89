import { expect, test } from 'vitest'
import { holdsShareLink, takeShareLink } from '../../../web/share/share-link.ts'
import { endInWords, isOfThisMachine } from '../../../web/share/share-words.ts'

const token = `${'aB3-_'.repeat(12)}wxyz`
const place = { hash: '', pathname: '/rides/1', search: '?map=1' }

function tab() {
  const kept = new Map<string, string>()
  const addresses: string[] = []
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
  }
  const open = (hash: string) =>
    takeShareLink({ ...place, hash }, storage, (address) => addresses.push(address))
  return { open, addresses }
}

test('a share link is taken out of the address, and kept for the tab', () => {
  const { open, addresses } = tab()
  expect(open('')).toBeUndefined()
  expect(holdsShareLink({ hash: `#share=${token}` })).toBe(true)
  expect(open(`#share=${token}`)).toBe(token)
  expect(addresses).toEqual(['/rides/1?map=1'])
  expect(open('')).toBe(token)
  expect(addresses).toHaveLength(1)
})

test.each(['#share=', `#share=${token}x`, `#share=${token.slice(1)}`, `#other=${token}`, '#share=é'])(
  'what is no link is left as it is: %s',
  (hash) => {
    const { open, addresses } = tab()
    expect(holdsShareLink({ hash })).toBe(false)
    expect(open(hash)).toBeUndefined()
    expect(addresses).toEqual([])
  },
)

test('how long a link is good', () => {
  expect(endInWords(null)).toBe('Good until you take it back')
  expect(endInWords('2026-06-07T08:00:00Z')).toMatch(/^Good until 7 Jun, \d\d:\d\d \S+/)
})

test.each([
  ['http://127.0.0.1:4000/rides/1#share=x', true],
  ['http://localhost:4000/rides/1', true],
  ['http://slipstream.localhost/rides/1', true],
  ['http://[::1]:4000/rides/1', true],
  ['https://rides.example.org/rides/1', false],
  ['http://192.168.1.20:4000/rides/1', false],
])('whether a link leads others anywhere: %s', (address, isOfThis) => {
  expect(isOfThisMachine(address)).toBe(isOfThis)
})
