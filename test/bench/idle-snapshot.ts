/** What an append costs while somebody holds an old snapshot (as pg_dump does), which keeps every dead row version. */
import { randomUUID } from 'node:crypto'
import type { AppendEntry } from '#log/append.ts'
import type { Log } from '#log/log.ts'
import { directly } from './directly.ts'

/** An event for a stream at whatever version it is, as small as an upload of one position. */
export function smallEntry(streamId: string, eventId = randomUUID()): AppendEntry {
  const event = {
    eventId,
    type: 'RidePositionsRecorded',
    schemaVersion: 1,
    contentHash: 'ab'.repeat(16),
    metadata: JSON.stringify({ commandId: eventId }),
    data: JSON.stringify({ upload: 'x'.repeat(200) }),
  }
  const state = JSON.stringify({ status: 'ACTIVE', numbers: 'x'.repeat(250) })
  return { streamId, streamType: 'ride', expectedVersion: 'any', state, events: [event] }
}

/**
 * So many appends of one event, each its own commit, shared out over these streams in turn: in one block in the server, which
 * does not wait for its disk.
 */
export async function commitInside(url: string, streams: readonly string[], commits: number): Promise<void> {
  const { state, events } = smallEntry('')
  const [event] = events
  // A block's text takes no parameters.
  const quoted = (text: string | null | undefined) => `'${text?.replaceAll("'", "''")}'`
  const block = `
    declare
      streams uuid[] := array[${streams.map(quoted)}]::uuid[];
    begin
      for n in 1 .. ${commits} loop
        perform append_events(0::smallint, false, array[streams[1 + n % cardinality(streams)]], '{ride}', '{-1}',
          array[${quoted(state)}]::json[], '{false}', '{1}', '{1}', '{1}', array[gen_random_uuid()],
          array[${quoted(event?.type)}], '{1}', '{null}', '{null}', array[${quoted(event?.data)}]::json[]);
        commit;
      end loop;
    end`
  await directly(url, async (client) => {
    await client.query('set synchronous_commit = off')
    // Six times as fast as planning each of them.
    await client.query('set plan_cache_mode = force_generic_plan')
    await client.query(`do $$${block}$$`)
  })
}

/** Holds a snapshot, in a transaction that does nothing more, for as long as `work` takes. */
export async function underSnapshot<T>(url: string, work: () => Promise<T>): Promise<T> {
  return directly(url, async (client) => {
    await client.query('begin isolation level repeatable read')
    await client.query('select count(*) from log_partition')
    return work()
  })
}

/** Milliseconds of each append, one after the other, through the product's own group commit. */
export async function appendTimes(log: Log, streams: readonly string[], count: number): Promise<number[]> {
  const times: number[] = []
  for (let number = 0; number < count; number++) {
    const entry = smallEntry(streams[number % streams.length]!)
    const began = performance.now()
    const { outcome } = await log.append(entry)
    times.push(performance.now() - began)
    if (outcome !== 'appended') throw new Error(`An append was answered ${outcome}`)
  }
  return times
}
