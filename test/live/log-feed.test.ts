import { describe, expect, test } from 'vitest'
import { type LogUpdate, mostEventsOfUpdate, openLogFeed } from '#live/log-feed.ts'
import type { RecordedEvent } from '#log/read.ts'
import { eventually } from '../support/eventually.ts'

/** A tail that the test moves by hand, over a log that has been told that much. */
function opened() {
  const log: RecordedEvent[] = []
  let hear: (event: RecordedEvent) => void = () => undefined
  const faults: unknown[] = []
  let isAway = false
  let asked = 0
  const feed = openLogFeed<string>(
    {
      onEvent(told) {
        hear = told
      },
    },
    {
      newest: async (limit, types) =>
        namesOf(log.filter(({ type }) => types?.includes(type) ?? true)).slice(0, limit),
      async described(events) {
        asked++
        if (isAway) throw new Error('The database is away')
        return namesOf(events)
      },
      onFault: (fault) => faults.push(fault),
    },
  )
  return {
    feed,
    faults,
    asked: () => asked,
    goAway(away: boolean) {
      isAway = away
    },
    happens(count: number, type = 'RidePaused') {
      for (let index = 0; index < count; index++) {
        const event: RecordedEvent = {
          ...{
            partition: 0,
            position: log.length + 1,
            streamId: 'ride',
            version: log.length + 1,
            eventId: '',
          },
          ...{ type, schemaVersion: 1, recordedAt: 0, data: null, metadata: null },
        }
        log.push(event)
        hear(event)
      }
    },
  }
}

/** The newest first. */
function namesOf(events: readonly RecordedEvent[]): string[] {
  return events.map(({ type, position }) => `${type} ${position}`).reverse()
}

async function next(items: AsyncIterator<LogUpdate<string>, void>): Promise<LogUpdate<string>> {
  const { value } = await items.next()
  if (value == null) throw new Error('The feed has ended')
  return value
}

describe('the feed of the whole log', () => {
  test('begins with the newest events, and goes on with what comes', async () => {
    const { feed, happens } = opened()
    happens(2)
    const items = feed.open('Ana')[Symbol.asyncIterator]()
    expect(await next(items)).toEqual({
      snapshot: true,
      events: ['RidePaused 2', 'RidePaused 1'],
      notShown: 0,
    })
    happens(1)
    expect(await next(items)).toEqual({ snapshot: false, events: ['RidePaused 3'], notShown: 0 })
  })

  test('gives the newest of what comes too fast, and says how many it did not', async () => {
    const { feed, happens, asked } = opened()
    const items = feed.open('Ana')[Symbol.asyncIterator]()
    await next(items)
    happens(mostEventsOfUpdate + 120)
    const update = await next(items)
    expect(update.events).toHaveLength(mostEventsOfUpdate)
    expect(update.events[0]).toBe(`RidePaused ${mostEventsOfUpdate + 120}`)
    expect(update.notShown).toBe(120)
    expect(asked()).toBe(1)
  })

  test('gives a slow reader the newest and no queue', async () => {
    const { feed, happens, asked } = opened()
    const slow = feed.open('Ana')[Symbol.asyncIterator]()
    const quick = feed.open('Ana')[Symbol.asyncIterator]()
    await Promise.all([next(slow), next(quick)])
    for (let round = 1; round <= 3; round++) {
      happens(30)
      expect((await next(quick)).events).toHaveLength(30)
    }
    const update = await next(slow)
    expect([update.events.length, update.notShown]).toEqual([mostEventsOfUpdate, 90 - mostEventsOfUpdate])
    expect(asked()).toBe(3)
    happens(1)
    expect(await next(slow)).toEqual({ snapshot: false, events: ['RidePaused 91'], notShown: 0 })
  })

  test('of some types counts and gives these alone', async () => {
    const { feed, happens } = opened()
    happens(1, 'RideEnded')
    happens(1)
    const items = feed.open('Ana', ['RideEnded'])[Symbol.asyncIterator]()
    expect((await next(items)).events).toEqual(['RideEnded 1'])
    happens(200)
    happens(1, 'RideEnded')
    expect(await next(items)).toEqual({ snapshot: false, events: ['RideEnded 203'], notShown: 0 })
  })

  test('tells later what it could not read at once', async () => {
    const { feed, happens, goAway, faults } = opened()
    const items = feed.open('Ana')[Symbol.asyncIterator]()
    await next(items)
    goAway(true)
    happens(3)
    const told = next(items)
    await eventually('the fault to be reported', () => faults.length > 0)
    goAway(false)
    expect((await told).events).toHaveLength(3)
  })

  test('reads nothing while nobody looks, and ends when it is closed', async () => {
    const { feed, happens, asked } = opened()
    const items = feed.open('Ana')[Symbol.asyncIterator]()
    await next(items)
    await items.return?.()
    happens(10)
    const others = feed.open('Ben')[Symbol.asyncIterator]()
    expect((await next(others)).events).toHaveLength(10)
    expect(asked()).toBe(0)
    const ended = others.next()
    feed.close()
    expect(await ended).toEqual({ done: true, value: undefined })
  })
})
