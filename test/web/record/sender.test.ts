/**
 * The queue against the product's own rules: whatever is lost, cut or killed, the log has each position once, each in the
 * stretch in which it was taken, and each command once.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meaningOf } from '../../../web/record/answer.ts'
import type { Entry } from '../../../web/record/entries.ts'
import { mostPositions } from '../../../web/record/next-step.ts'
import { isSent } from '../../../web/record/recording.ts'
import { beginQueue, openQueue } from '../../../web/record/ride-queue.ts'
import { ana, beginMs, fates, rideId, setOut, started, storeOf, summaryOf } from './phone.ts'

describe('what is recorded on a phone', () => {
  it('comes to the log once, whole and in order, whatever is lost or killed on the way', async () => {
    const deed = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('ride' as const),
          positions: fc.oneof(
            { weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }) },
            { weight: 1, arbitrary: fc.integer({ min: 900, max: 2_300 }) },
          ),
        }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('pause or resume' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('network' as const),
          fates: fc.array(fc.constantFrom(...fates), { maxLength: 12 }),
        }),
      },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
        const { server, phone } = await setOut()
        for (const done of deeds) await phone.do(done)
        await phone.end()
        await phone.drain()
        expect(isSent(phone.recording())).toBe(true)
        expect(summaryOf(server.events)).toEqual(phone.summary())
        for (const event of server.events) {
          if (event.type === 'RidePositionsRecorded')
            expect(event.positions.length).toBeLessThanOrEqual(mostPositions)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('waits while another is signed in, and is never sent in his name', async () => {
    const { server, phone } = await setOut()
    phone.signIn('bob')
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.do({ kind: 'network', fates: ['answered', 'answered'] })
    expect(server.events).toEqual([])
    expect(phone.said).toContain('other rider')
    phone.signIn(ana)
    await phone.do({ kind: 'network', fates: ['answered', 'answered'] })
    phone.signIn('bob')
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.do({ kind: 'network', fates: ['answered', 'answered', 'answered'] })
    expect(phone.recording().stopped).toBeNull()
    phone.signIn(ana)
    await phone.end()
    await phone.drain()
    expect(summaryOf(server.events)).toEqual(phone.summary())
  })

  it('makes room where the phone is full, of what the server has', async () => {
    const { server, phone } = await setOut(60)
    for (let round = 0; round < 12; round++) {
      await phone.do({ kind: 'ride', positions: 18 })
      if (round === 5) await phone.do({ kind: 'pause or resume' })
      if (round === 5) await phone.do({ kind: 'pause or resume' })
      await phone.drain()
      await phone.reload()
    }
    expect(phone.recording().positionCount).toBe(216)
    expect(phone.positions().length).toBeLessThan(60)
    await phone.end()
    await phone.drain()
    expect(isSent(phone.recording())).toBe(true)
    expect(summaryOf(server.events)).toEqual(phone.summary())
  })

  it('is not lost where the phone is full and the server has none of it', async () => {
    const { server, phone } = await setOut(60)
    await phone.do({ kind: 'ride', positions: 50 })
    await expect(phone.do({ kind: 'ride', positions: 18 })).rejects.toThrow('No room')
    await phone.reload()
    expect(phone.positions()).toHaveLength(50)
    await phone.drain()
    await phone.do({ kind: 'ride', positions: 18 })
    await phone.end()
    await phone.drain()
    expect(summaryOf(server.events)).toEqual(phone.summary())
  })

  it('is kept when the server takes no more, and its rider is told why', async () => {
    const { server, phone } = await setOut()
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.drain()
    server.endElsewhere()
    await phone.do({ kind: 'ride', positions: 5 })
    await phone.drain()
    const { stopped, waiting } = phone.recording()
    expect(stopped).toMatchObject({ code: 'RIDE_NOT_ACTIVE', status: 'ENDED' })
    expect(waiting).toMatchObject([{ kind: 'upload', from: 3, count: 5 }])
    expect(phone.positions()).toHaveLength(8)
  })

  it('goes on where the ride was paused elsewhere, with all that was taken', async () => {
    const { server, phone } = await setOut()
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.drain()
    server.pauseElsewhere(phone.recording().lastAt + 500)
    await phone.do({ kind: 'ride', positions: 5 })
    const first = phone.positions()[3]?.at
    await phone.drain()
    expect(server.events.slice(-2)).toMatchObject([
      { type: 'RideResumed', at: first },
      { type: 'RidePositionsRecorded', positions: { length: 5 } },
    ])
    await phone.do({ kind: 'pause or resume' })
    await phone.end()
    await phone.drain()
    expect(isSent(phone.recording())).toBe(true)
  })

  it('keeps a pause that was made elsewhere while it had no network, and ends behind it', async () => {
    const { server, phone } = await setOut()
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.drain()
    await phone.do({ kind: 'ride', positions: 600 })
    const pausedAt = phone.positions()[300]?.at ?? 0
    server.pauseElsewhere(pausedAt)
    await phone.end()
    await phone.drain()
    expect(isSent(phone.recording())).toBe(true)
    const taken = server.events.flatMap((event) =>
      event.type === 'RidePositionsRecorded' ? event.positions : [],
    )
    expect(taken).toHaveLength(603)
    expect(server.events.filter(({ type }) => type === 'RideResumed' || type === 'RideEnded')).toEqual([
      expect.objectContaining({ at: phone.recording().lastAt }),
      expect.objectContaining({ at: phone.recording().lastAt }),
    ])
  })

  it('goes on where the ride was paused elsewhere when it was over here already', async () => {
    const { server, phone } = await setOut()
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.end()
    const later = phone.recording().lastAt + 60_000
    await phone.do({ kind: 'network', fates: ['answered'] })
    server.pauseElsewhere(later)
    phone.wait(120_000)
    await phone.drain()
    expect(isSent(phone.recording())).toBe(true)
    expect(server.events.at(-1)?.type).toBe('RideEnded')
    expect(server.events.at(-1)?.at).toBeGreaterThanOrEqual(later)
  })

  it('goes on after a pause by a clock that is ahead, without asking again and again', async () => {
    const { server, phone } = await setOut()
    await phone.do({ kind: 'ride', positions: 3 })
    await phone.drain()
    server.pauseElsewhere(phone.recording().lastAt + 300_000)
    await phone.do({ kind: 'ride', positions: 5 })
    const before = phone.asked()
    await phone.drain()
    expect(phone.asked() - before).toBeLessThan(10)
    expect(phone.recording()).toMatchObject({ stopped: null, waiting: [] })
    await phone.do({ kind: 'pause or resume' })
    await phone.end()
    await phone.drain()
    expect(isSent(phone.recording())).toBe(true)
    expect(server.events.map(({ type }) => type).slice(-5)).toEqual([
      'RidePaused',
      'RideResumed',
      'RidePositionsRecorded',
      'RidePaused',
      'RideEnded',
    ])
  })

  it.each(['paused', 'ended'])(
    'is not stopped where it was %s before somebody resumed it elsewhere',
    async (how) => {
      const { server, phone } = await setOut()
      await phone.do({ kind: 'ride', positions: 3 })
      await phone.drain()
      if (how === 'paused') await phone.do({ kind: 'pause or resume' })
      else await phone.end()
      const { lastAt } = phone.recording()
      server.pauseElsewhere(lastAt + 1_000)
      server.resumeElsewhere(lastAt + 300_000)
      if (how === 'paused') {
        await phone.do({ kind: 'pause or resume' })
        await phone.do({ kind: 'ride', positions: 5 })
        await phone.end()
      }
      await phone.drain()
      await phone.reload()
      expect(isSent(phone.recording())).toBe(true)
      expect(server.events.at(-1)?.type).toBe('RideEnded')
    },
  )

  it('is not stopped where the server is newer than the page: a newer page sends it', () => {
    const failure = { kind: 'final', code: 'GRAPHQL_VALIDATION_FAILED', message: 'No such field' } as const
    expect(meaningOf('upload', { ok: false, failure })).toEqual({ kind: 'old page' })
  })

  it('goes on behind an upload that is refused, which is kept', async () => {
    const { server, phone } = await setOut()
    await phone.do({ kind: 'ride', positions: 2 })
    await phone.drain()
    await phone.takeImpossible()
    await phone.drain()
    await phone.do({ kind: 'ride', positions: 2 })
    await phone.end()
    await phone.drain()
    expect(phone.recording().refused).toMatchObject([
      { from: 2, count: 1, refusal: { code: 'INVALID_INPUT' } },
    ])
    expect(server.events.at(-1)?.type).toBe('RideEnded')
    expect(isSent(phone.recording())).toBe(false)
  })

  it('is written by one tab: what another has written meanwhile is not written over', async () => {
    const entries: Entry[] = []
    const store = storeOf(entries)
    const first = await beginQueue(store, ana, started)
    const second = await openQueue(store, { rideId, riderId: ana, startedAt: beginMs, length: 1 })
    await first.append(() => [{ type: 'RidePaused', commandId: 'one', at: beginMs + 1 }])
    await expect(
      second?.append(() => [{ type: 'RidePaused', commandId: 'two', at: beginMs + 2 }]),
    ).rejects.toThrow()
    expect(entries).toHaveLength(2)
  })
})
