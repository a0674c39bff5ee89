/** What must hold of a log that was brought back: everything from before the backup is there, and work goes on from it. */
import { randomUUID } from 'node:crypto'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import { query } from '../faults/database-directly.ts'
import { type Acknowledged, type Finding, keyOf, openLedger } from '../faults/ledger.ts'
import { createSender } from '../faults/sender.ts'
import { comeToRest, verify } from '../faults/verify.ts'
import { eventually } from '../support/eventually.ts'
import type { Receiver } from '../webhooks/receiver.ts'
import { startBoth } from './both.ts'
import { firstOf, type KeptCursor } from './feeds.ts'
import type { Load } from './load.ts'

export interface Restored {
  /** Such as `the dump`. */
  readonly from: string
  readonly url: string
  readonly load: Load
  /** Acknowledged before the backup, or before the moment that was gone back to. */
  readonly before: ReadonlyMap<string, Acknowledged>
  readonly cursors: readonly KeptCursor[]
  readonly receiver: Receiver
  /** Messages that had been delivered, as the database knew, before the backup. */
  readonly told: ReadonlySet<string>
}

export interface Judgement {
  readonly lines: readonly string[]
  readonly findings: readonly Finding[]
}

const mostRetries = 200
const toComeToRestMs = 60_000

export async function judgeRestored(restored: Restored): Promise<Judgement> {
  const { from, url, load, before, cursors, receiver, told } = restored
  const ledger = openLedger()
  const there = await query(url, 'select stream_id, event_id, type from events')
  for (const { stream_id: rideId, event_id: eventId, type } of there) {
    const key = keyOf(String(rideId), String(eventId))
    const acknowledged = load.ledger.acknowledged.get(key)
    if (acknowledged !== undefined) ledger.acknowledged.set(key, acknowledged)
    if (type === 'RideDeleted') ledger.deletions.set(String(rideId), String(eventId))
  }
  const known = ledger.acknowledged.size
  for (const [key, command] of before) ledger.acknowledged.set(key, command)
  const heard = receiver.received.length

  const begun = performance.now()
  const env = { DATABASE_URL: url, WEBHOOKS_ALLOW_PRIVATE: 'on' }
  await using running = await startBoth(env)
  const { api } = running
  const startedMs = performance.now() - begun

  for (const { rideId, cursor } of cursors) {
    // Of a ride that is deleted in the backup nobody is told anything.
    if (ledger.deletions.has(rideId)) continue
    const answer = await firstOf(api.url, rideId, cursor)
    if (answer !== 'CURSOR_UNKNOWN') {
      ledger.find('broken', `A cursor from before was answered ${JSON.stringify(answer)}, not CURSOR_UNKNOWN`)
    }
    const anew = await firstOf(api.url, rideId)
    if (typeof anew === 'string' || anew.version !== 1) {
      ledger.find('broken', `The feed of ride ${rideId} began anew with ${JSON.stringify(anew)}`)
    }
  }

  const sender = createSender({
    urls: [api.url],
    ledger,
    random: randomFrom(1),
    signal: AbortSignal.timeout(toComeToRestMs),
  })
  const again = [...before.values()]
    .filter(({ rideId, type }) => !ledger.deletions.has(rideId) && type !== 'RideDeleted')
    .slice(-mostRetries)
    .flatMap(({ rideId, eventId }) => load.sent.get(keyOf(rideId, eventId)) ?? [])
  for (const command of again) await sender.send(command)
  const retried = ledger.counts.get('answered again') ?? 0
  if (retried < again.length) ledger.find('lost', `${again.length - retried} retries were not known`)

  const open = await query(
    url,
    `select stream_id as id from streams where not deleted and state->>'status' in ('ACTIVE', 'PAUSED')`,
  )
  for (const { id } of open) {
    const [rideId, eventId] = [String(id), randomUUID()]
    await sender.send({ name: 'endRide', rideId, eventId, input: { rideId, commandId: eventId } })
  }
  const fresh = randomUUID()
  await sender.send({ name: 'startRide', rideId: fresh, eventId: fresh, input: { rideId: fresh } })
  const end = randomUUID()
  await sender.send({
    name: 'endRide',
    rideId: fresh,
    eventId: end,
    input: { rideId: fresh, commandId: end },
  })

  await comeToRest(url, ledger, toComeToRestMs)
  await verify(url, ledger, [])
  const toldAgain = await messagesAfter(url, receiver, heard)
  const needless = toldAgain.filter((id) => told.has(id))
  for (const id of needless) {
    ledger.find('duplicated', `Message ${id} was delivered before the backup, and sent again`)
  }
  const earlier = new Set(idsOf(receiver, 0, heard))
  const repeated = toldAgain.filter((id) => earlier.has(id)).length
  return {
    lines: [
      `${from}: ${there.length} events, ${known} of them acknowledged commands; ${before.size} were acknowledged before it.`,
      `${from}: ready ${Math.round(startedMs)} ms after its first process was started; ${cursors.length} cursors from before were unknown.`,
      `${from}: ${retried} commands from before, sent again, were answered as the first time; ${open.length} rides that were on their way were ended.`,
      `${from}: ${toldAgain.length} webhooks were sent, ${repeated} of which their receiver had already, ${needless.length} of the ${told.size} that the backup knew to be delivered.`,
    ],
    findings: ledger.findings.map(({ defect, what }) => ({ defect, what: `${from}: ${what}` })),
  }
}

/** When all is told that there is to tell: the ids of what came behind that place, each once. */
async function messagesAfter(url: string, receiver: Receiver, heard: number): Promise<string[]> {
  await eventually(
    'all webhooks to be delivered',
    async () => {
      const [row] = await query(
        url,
        `select (select count(*) from webhook_deliveries where state = 'WAITING') as waiting,
                (select count(*) from webhook_position w
                  where w.position < (select max(e.position) from events e where e.partition = w.partition
                                         and e.type in ('RideFinished', 'RideEdited', 'RideDeleted'))) as behind`,
      )
      return row?.['waiting'] === 0 && row['behind'] === 0
    },
    // What a worker had under way when the backup was made is taken for lost after a minute, and then looked for twice a minute.
    { withinMs: 120_000 },
  )
  return [...new Set(idsOf(receiver, heard))]
}

export function idsOf(receiver: Receiver, from = 0, to?: number): string[] {
  return receiver.received.slice(from, to).map(({ headers }) => String(headers['webhook-id']))
}
