import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { readState } from '#log/read.ts'
import { endSilentRides, silenceMs } from '#projections/silent-rides.ts'
import { eventually } from '../support/eventually.ts'
import { openRides, riding, start } from './open-rides.ts'

test('a ride that has been silent for twelve hours is ended by the system, and no other', async () => {
  await using opened = await openRides()
  const { log, read, commands, command, serving } = opened
  const worker = opened.worker()
  const [silent, speaking] = [randomUUID(), randomUUID()]
  for (const rideId of [silent, speaking]) {
    await command(rideId, { type: 'startRide', startedAt: start, title: null, visibility: 'PRIVATE' })
    await command(rideId, { type: 'recordPositions', positions: riding(0, 10) })
  }
  await eventually('both rides', async () => {
    const rows = await read.selectFrom('ride_progress').select('version').execute()
    return rows.length === 2 && rows.every(({ version }) => version === 2)
  })
  const recorded = await read.selectFrom('ride_progress').select(['ride_id', 'updated_at']).execute()
  const at = new Map(recorded.map((row) => [row.ride_id, row.updated_at.getTime()]))
  const statusOf = async (rideId: string) =>
    ((await readState(log, rideId, rideId)).actual.state as { status: string }).status

  async function lookAt(now: number): Promise<void> {
    const stopping = new AbortController()
    const faults: unknown[] = []
    const looking = endSilentRides({
      serving,
      log,
      commands,
      now: () => now,
      signal: stopping.signal,
      onFault: (fault) => faults.push(fault),
    })
    stopping.abort()
    await looking
    expect(faults).toEqual([])
  }

  const newest = Math.max(...at.values())
  await lookAt(newest + silenceMs - 60_000)
  expect([await statusOf(silent), await statusOf(speaking)]).toEqual(['ACTIVE', 'ACTIVE'])

  // The speaking ride speaks up once more and the read side, whose worker is gone, has not seen it.
  await worker.stop()
  await command(speaking, { type: 'recordPositions', positions: riding(11, 20) })
  await lookAt(newest + silenceMs + 60_000)
  expect([await statusOf(silent), await statusOf(speaking)]).toEqual(['ENDED', 'ACTIVE'])
})
