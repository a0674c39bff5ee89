import { describe, expect, test } from 'vitest'
import { anonymous, localRider, type Viewer } from '#rights/viewer.ts'
import { blockOf } from '#server/limits/address.ts'
import { openCounts } from '#server/limits/counts.ts'
import { watchFlood } from '#server/limits/flood.ts'
import { countedKey, openRates } from '#server/limits/rates.ts'

const settings = {
  cost: 50,
  requestsPerMinute: 60,
  costPerMinute: 600,
  positionsPerSecond: 10,
  anonymousRequestsPerMinute: 6,
}

const key = (name: string, riderId = localRider.riderId): Viewer => ({
  ...localRider,
  riderId,
  limitKey: `key ${name}`,
})

function open() {
  let now = 0
  const rates = openRates(settings, () => now)
  function pass(ms: number): void {
    now += ms
  }
  return { rates, pass }
}

/** How many go through at once. */
function counted(takeOne: () => number | undefined): number {
  for (let taken = 0; taken < 10_000; taken++) if (takeOne() !== undefined) return taken
  return 10_000
}

describe('requests', () => {
  test('each credential has its own, and the local rider as many as he likes', () => {
    const { rates } = open()
    expect(rates.of(localRider)).toBeUndefined()
    const [one, other] = [rates.of(key('one')), rates.of(key('other'))]
    expect(counted(() => one?.takeRequest())).toBe(60)
    expect(counted(() => other?.takeRequest())).toBe(60)
  })

  test('a credential asked for anew has what is left', () => {
    const { rates, pass } = open()
    counted(() => rates.of(key('one'))?.takeRequest())
    expect(rates.of(key('one'))?.takeRequest()).toBe(1)
    pass(1_000)
    expect(rates.of(key('one'))?.takeRequest()).toBeUndefined()
  })

  test('without one each address has, and all of an IPv6 network together', () => {
    const { rates } = open()
    const from = (address: string) => counted(() => rates.of(anonymous(address))?.takeRequest())
    expect([from('192.0.2.1'), from('192.0.2.1'), from('192.0.2.2')]).toEqual([6, 0, 6])
    expect([from('2001:db8::1'), from('2001:db8:0:0:ffff::2'), from('2001:db8:0:1::1')]).toEqual([6, 0, 6])
  })

  test('headers say how it stands, as the draft for them has it', () => {
    const { rates, pass } = open()
    const one = rates.of(key('one'))
    for (let time = 0; time < 15; time++) one?.takeRequest()
    pass(500)
    expect(one?.headers()).toEqual({
      'ratelimit-limit': '60',
      'ratelimit-remaining': '45',
      'ratelimit-reset': '15',
      'ratelimit-policy': '60;w=60',
    })
  })

  test('a limit that is off is not told', () => {
    const off = { ...settings, requestsPerMinute: Number.POSITIVE_INFINITY }
    const one = openRates(off, () => 0).of(key('one'))
    expect(one?.headers()).toEqual({})
    expect(counted(() => one?.takeRequest())).toBe(10_000)
  })
})

describe('positions and cost', () => {
  test('an upload passes where one is left, and the next waits for all of it', () => {
    const { rates, pass } = open()
    const one = rates.of(key('one'))
    expect(one?.takePositions(99)).toBeUndefined()
    expect(one?.takePositions(101)).toBeUndefined()
    expect(one?.takePositions(1)).toBe(10.1)
    pass(10_100)
    expect(one?.takePositions(1)).toBeUndefined()
  })

  test('cost is its own, of a minute', () => {
    const { rates } = open()
    const one = rates.of(key('one'))
    expect(one?.takeCost(600)).toBeUndefined()
    expect(one?.takeCost(1)).toBe(0.1)
    expect(one?.takeRequest()).toBeUndefined()
  })

  test('at the same time as much goes on as one operation may cost, by rider and not by key', () => {
    const { rates } = open()
    const one = rates.of(key('one'))
    const sameRider = rates.of(key('two'))
    expect([one?.enter(30), sameRider?.enter(20), one?.enter(1), sameRider?.enter(1)]).toEqual([
      ...[true, true],
      ...[false, false],
    ])
    expect(rates.of(key('other', crypto.randomUUID()))?.enter(50)).toBe(true)
    sameRider?.leave(20)
    expect([one?.enter(21), one?.enter(20)]).toEqual([false, true])
  })

  test('sockets and subscriptions are counted by rider, and without one by address', () => {
    expect(countedKey(key('one'))).toBe(countedKey(key('two')))
    expect(countedKey(key('one'))).not.toBe(countedKey(key('one', crypto.randomUUID())))
    expect(countedKey(anonymous('192.0.2.1'))).not.toBe(countedKey(anonymous('192.0.2.2')))
  })
})

test.each([
  ['address 192.0.2.1', 'address 192.0.2.1'],
  ['address ::ffff:192.0.2.1', 'address 192.0.2.1'],
  ['address 2001:0db8:0:0:1:2:3:4', 'address 2001:db8:0:0::/64'],
  ['address 2001:DB8::1', 'address 2001:db8:0:0::/64'],
  ['address fe80::1%eth0', 'address fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['address ', 'address '],
])('%s is counted as %s', (address, block) => {
  expect(blockOf(address)).toBe(block)
})

test('of a thing one has as many as he may, and another when one is gone', () => {
  const counts = openCounts(2)
  const leave = counts.enter('one')
  expect([counts.enter('one'), counts.enter('one')].map(Boolean)).toEqual([true, false])
  expect(counts.enter('other')).toBeDefined()
  leave?.()
  leave?.()
  expect([counts.enter('one'), counts.enter('one')].map(Boolean)).toEqual([true, false])
})

test('a socket may say so much in ten seconds, and is too loud from then on', () => {
  let now = 0
  const flood = watchFlood(10, () => now)
  const isHeard = () =>
    Array.from({ length: 200 }, () => flood.isTooMany()).filter((isTooMany) => !isTooMany).length
  expect(isHeard()).toBe(100)
  now = 1_000
  expect(isHeard()).toBe(10)
})
