import { describe, expect, test } from 'vitest'
import { openLiveRides, type Shown } from '#live/live-rides.ts'
import type { LiveRidesUpdate } from '#live/live-view.ts'
import type { InProgress } from '#live/move.ts'
import type { Tail } from '#live/tail.ts'
import type { RecordedEvent } from '#log/read.ts'
import { eventually } from '../support/eventually.ts'

interface Row extends InProgress {
  readonly status: 'ACTIVE' | 'ENDED'
  readonly place: string
}

/** A read side and a tail that the test moves by hand. */
function opened(...rows: Row[]) {
  const readSide = new Map(rows.map((row) => [row.rideId, row]))
  const hearers: ((event: RecordedEvent) => void)[] = []
  const gone = new Set<string>()
  const asked: (readonly string[])[] = []
  const tail: Tail = {
    onEvent: (hear) => hearers.push(hear),
    watch: () => undefined,
    unwatch: () => undefined,
    gone: async (ids) => new Set(ids.filter((id) => gone.has(id))),
    run: async () => undefined,
  }
  const faults: unknown[] = []
  const liveRides = openLiveRides<Row, Row>(tail, {
    all: async () => [...readSide.values()].filter(({ status }) => status === 'ACTIVE'),
    async some(ids) {
      asked.push(ids)
      return ids.flatMap((id) => readSide.get(id) ?? [])
    },
    isInProgress: ({ status }) => status === 'ACTIVE',
    conceals: ({ type }) => type === 'concealing',
    concealed: (row) => ({ ...row, place: 'concealed' }),
    onFault: (fault) => faults.push(fault),
  })
  /** The log has the version; the read side too unless told otherwise. */
  function moves(row: Row, { projected = true, type = '' } = {}): void {
    if (projected) readSide.set(row.rideId, row)
    const { rideId: streamId, version, partition, position } = row
    const event = {
      partition,
      position,
      streamId,
      version,
      eventId: '',
      type,
      schemaVersion: 1,
      recordedAt: 0,
      data: undefined,
      metadata: null,
    }
    for (const hear of hearers) hear(event)
  }
  return {
    liveRides: { open: (shown: Shown<Row, Row>) => liveRides.open(shown)[Symbol.asyncIterator]() },
    sources: liveRides,
    faults,
    asked,
    moves,
    /** The log has it, and the read side not yet. */
    conceals(row: Row) {
      moves(row, { projected: false, type: 'concealing' })
    },
    /** The log has the ride no longer; the read side has it until told otherwise. */
    deletes(rideId: string) {
      gone.add(rideId)
      moves(row(rideId, 1_000), { projected: false })
    },
    project(row: Row) {
      readSide.set(row.rideId, row)
    },
  }
}

const row = (rideId: string, version: number, rest: Partial<Row> = {}): Row => ({
  rideId,
  version,
  partition: 0,
  position: version,
  status: 'ACTIVE',
  place: 'in',
  ...rest,
})
const everything = { name: 'everything', show: (row: Row) => row }

describe('liveRides', () => {
  test('begins with a snapshot, also of nothing, then gives what changed', async () => {
    const { liveRides, moves } = opened()
    const updates = liveRides.open(everything)
    expect(await updates.next()).toEqual({ done: false, value: { snapshot: true, rides: [], removed: [] } })
    moves(row('a', 1))
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [row('a', 1)], removed: [] })
    moves(row('b', 1))
    moves(row('a', 2))
    expect((await updates.next()).value).toEqual({
      snapshot: false,
      rides: [row('b', 1), row('a', 2)].sort((x, y) => x.rideId.localeCompare(y.rideId)),
      removed: [],
    })
    await updates.return?.()
  })

  test('a ride that has ended is removed', async () => {
    const { liveRides, moves } = opened(row('a', 1), row('b', 1))
    const updates = liveRides.open(everything)
    await updates.next()
    moves(row('a', 2, { status: 'ENDED' }))
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [], removed: ['a'] })
    await updates.return?.()
  })

  test('a ride that leaves what the subscriber may see is removed, and comes back', async () => {
    const { liveRides, moves } = opened(row('a', 1))
    const updates = liveRides.open({ name: 'inside', show: (row) => (row.place === 'in' ? row : null) })
    await updates.next()
    moves(row('a', 2, { place: 'out' }))
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [], removed: ['a'] })
    moves(row('a', 3))
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [row('a', 3)], removed: [] })
    await updates.return?.()
  })

  test('a slow reader gets the newest state, not a queue', async () => {
    const { liveRides, moves } = opened(row('a', 1))
    const slow = liveRides.open(everything)
    const fast = liveRides.open(everything)
    await slow.next()
    await fast.next()
    for (const version of [2, 3, 4]) {
      moves(row('a', version))
      expect((await fast.next()).value).toMatchObject({ rides: [{ version }] })
    }
    expect((await slow.next()).value).toEqual({ snapshot: false, rides: [row('a', 4)], removed: [] })
    await Promise.all([slow.return?.(), fast.return?.()])
  })

  test('a hundred moves in a breath cost one look at the read side', async () => {
    const { liveRides, moves, asked } = opened(row('a', 0))
    const updates = liveRides.open(everything)
    await updates.next()
    for (let version = 1; version <= 100; version++) moves(row('a', version))
    expect((await updates.next()).value).toMatchObject({ rides: [{ version: 100 }] })
    expect(asked).toHaveLength(1)
    await updates.return?.()
  })

  test('a move that the read side has not seen yet is waited for', async () => {
    const { liveRides, moves, project, asked } = opened(row('a', 1))
    const updates = liveRides.open(everything)
    await updates.next()
    moves(row('a', 3), { projected: false })
    await eventually('it to be asked for in vain', () => asked.length > 1)
    project(row('a', 3))
    expect((await updates.next()).value).toMatchObject({ rides: [{ version: 3 }] })
    await updates.return?.()
  })

  test('a move that the read side has come past is asked for no more', async () => {
    const { liveRides, moves, project, asked } = opened(row('parked', 1), row('b', 1))
    const updates = liveRides.open(everything)
    await updates.next()
    moves(row('parked', 2), { projected: false })
    moves(row('b', 3))
    expect((await updates.next()).value).toMatchObject({ rides: [{ rideId: 'b', version: 3 }] })
    moves(row('b', 4))
    expect((await updates.next()).value).toMatchObject({ rides: [{ rideId: 'b', version: 4 }] })
    expect(asked.at(-1)).toEqual(['b'])
    // Looked after and applied, it is shown with its next move.
    project(row('parked', 2))
    moves(row('parked', 5))
    expect((await updates.next()).value).toMatchObject({ rides: [{ rideId: 'parked', version: 5 }] })
    await updates.return?.()
  })

  test('of another partition a later move says nothing', async () => {
    const { liveRides, moves, project } = opened(row('a', 1), row('b', 1, { partition: 1 }))
    const updates = liveRides.open(everything)
    await updates.next()
    moves(row('a', 2), { projected: false })
    moves(row('b', 3, { partition: 1 }))
    expect((await updates.next()).value).toMatchObject({ rides: [{ rideId: 'b' }] })
    project(row('a', 2))
    expect((await updates.next()).value).toMatchObject({ rides: [{ rideId: 'a', version: 2 }] })
    await updates.return?.()
  })

  test('a ride that was deleted is removed although the read side has it still, and asked for no more', async () => {
    const { liveRides, moves, deletes, asked } = opened(row('a', 1), row('b', 1))
    const updates = liveRides.open(everything)
    await updates.next()
    deletes('a')
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [], removed: ['a'] })
    moves(row('b', 2))
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [row('b', 2)], removed: [] })
    expect(asked).toEqual([['a'], ['b']])
    await updates.return?.()
  })

  test('a ride that was deleted is in no snapshot, whether before anybody looked or while it was taken', async () => {
    const { liveRides, deletes } = opened(row('a', 1), row('b', 1), row('c', 1))
    deletes('a')
    const updates = liveRides.open(everything)
    const first = updates.next()
    deletes('b')
    expect((await first).value).toEqual({ snapshot: true, rides: [row('c', 1)], removed: [] })
    const another = liveRides.open(everything)
    expect((await another.next()).value).toEqual({ snapshot: true, rides: [row('c', 1)], removed: [] })
    deletes('c')
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [], removed: ['c'] })
    await Promise.all([updates.return?.(), another.return?.()])
  })

  test('what moved before anybody looked is made up for, where the read side was behind', async () => {
    const { liveRides, moves, project } = opened(row('a', 1), row('b', 1))
    moves(row('a', 2), { projected: false })
    moves(row('c', 1), { projected: false })
    const updates = liveRides.open(everything)
    expect((await updates.next()).value).toEqual({
      snapshot: true,
      rides: [row('a', 1), row('b', 1)],
      removed: [],
    })
    project(row('a', 2, { status: 'ENDED' }))
    project(row('c', 1))
    expect((await updates.next()).value).toEqual({ snapshot: false, rides: [row('c', 1)], removed: ['a'] })
    await updates.return?.()
  })

  describe('without a queue', () => {
    /** Takes updates as long as it is hungry. */
    function subscriber() {
      const taken: { update: LiveRidesUpdate<Row>; key: string | number }[] = []
      const sink = {
        isHungry: true,
        take(update: LiveRidesUpdate<Row>, key: string | number) {
          if (sink.isHungry) taken.push({ update, key })
          return sink.isHungry
        },
        end: () => undefined,
      }
      return { taken, sink }
    }

    test('those who are at one place are given one and the same update, whoever else there is', async () => {
      const { sources, moves } = opened(row('a', 1))
      const clients = [subscriber(), subscriber(), subscriber()]
      const names = ['everything', 'everything', 'another']
      const flows = clients.map(({ sink }, index) => {
        const flow = sources.open({ name: names[index] ?? '', show: (row) => row }).begin(sink)
        flow.resume()
        return flow
      })
      const [one, other, another] = clients.map(({ taken }) => taken)
      await eventually('the snapshots', () => another?.length === 1)
      moves(row('a', 2))
      await eventually('the update', () => another?.length === 2)
      expect(one?.map(({ update }) => update)).toEqual(another?.map(({ update }) => update))
      for (const index of [0, 1]) expect(one?.[index]?.update).toBe(other?.[index]?.update)
      expect(one?.map(({ key }) => key)).toEqual(other?.map(({ key }) => key))
      for (const flow of flows) flow.stop()
    })

    test('one who took nothing for long gets all that changed in one update, and what left meanwhile once', async () => {
      const { sources, moves } = opened(row('a', 1), row('b', 1), row('c', 1))
      const [fast, slow] = [subscriber(), subscriber()]
      const flows = [fast, slow].map(({ sink }) => {
        const flow = sources.open(everything).begin(sink)
        flow.resume()
        return flow
      })
      await eventually('the snapshots', () => fast.taken.length === 1 && slow.taken.length === 1)
      slow.sink.isHungry = false
      const steps = [
        [row('a', 2), row('b', 2)],
        [row('b', 3, { status: 'ENDED' as const }), row('new', 1)],
        [row('new', 2, { status: 'ENDED' as const }), row('a', 3)],
      ]
      for (const [index, step] of steps.entries()) {
        for (const each of step) moves(each)
        await eventually('the fast one to have it', () => fast.taken.length === index + 2)
      }
      expect(slow.taken).toHaveLength(1)
      slow.sink.isHungry = true
      flows[1]?.resume()
      expect(slow.taken[1]?.update).toEqual({ snapshot: false, rides: [row('a', 3)], removed: ['b'] })
      expect(fast.taken.slice(2).map(({ update }) => update.removed)).toEqual([['b'], ['new']])
      for (const flow of flows) flow.stop()
    })
  })

  test('the next subscriber after all have left begins anew', async () => {
    const { liveRides, moves } = opened(row('a', 1))
    const first = liveRides.open(everything)
    await first.next()
    await first.return?.()
    moves(row('a', 2))
    const second = liveRides.open(everything)
    expect((await second.next()).value).toEqual({ snapshot: true, rides: [row('a', 2)], removed: [] })
    await second.return?.()
  })
})

describe('what others are shown otherwise', () => {
  /** They do not see the ride's second and third version. */
  const others = {
    name: 'others',
    show: (row: Row) =>
      row.place === 'concealed' ? null : { ...row, version: Math.max(1, row.version - 2) },
  }

  test('a ride that moved where a subscriber does not see it is no news to him', async () => {
    const { liveRides, moves } = opened(row('a', 1), row('b', 1))
    const theirs = liveRides.open(others)
    const own = liveRides.open(everything)
    await theirs.next()
    await own.next()
    for (const version of [2, 3]) {
      moves(row('a', version))
      expect((await own.next()).value).toMatchObject({ rides: [{ rideId: 'a', version }] })
    }
    moves(row('b', 4))
    expect((await theirs.next()).value).toEqual({
      snapshot: false,
      rides: [row('b', 2, { position: 4 })],
      removed: [],
    })
    await Promise.all([theirs.return?.(), own.return?.()])
  })

  test('what is not for others from an event on is gone with it, before the read side has come to it', async () => {
    const { liveRides, moves, conceals, project } = opened(row('a', 1))
    const theirs = liveRides.open(others)
    await theirs.next()
    conceals(row('a', 4))
    expect((await theirs.next()).value).toEqual({ snapshot: false, rides: [], removed: ['a'] })
    // Nor is it shown to who comes now, with what is read meanwhile.
    const late = liveRides.open({ ...others, name: 'who come late' })
    expect((await late.next()).value).toEqual({ snapshot: true, rides: [], removed: [] })
    project(row('a', 4))
    moves(row('b', 5))
    for (const each of [theirs, late]) {
      const shown = new Set<string>()
      while (shown.size < 2)
        for (const { rideId } of (await each.next()).value?.rides ?? []) shown.add(rideId)
      expect([...shown].sort()).toEqual(['a', 'b'])
      await each.return?.()
    }
  })
})
