/** A subscriber that stops reading under full load, and then reads on. */
import { setTimeout as pause } from 'node:timers/promises'
import { openFeedReader } from './feed-reader.ts'
import type { Means } from './measurement.ts'
import { createProbe } from './probe.ts'
import { openPublisher } from './publisher.ts'
import { startRides } from './requests.ts'
import { startService } from './service.ts'

export interface Stalled {
  readonly stalledSeconds: number
  /** Events that came meanwhile. */
  readonly events: number
  /** MiB of heap and buffers that it cost the server: what they grew by, less what they grew by before in the same time. */
  readonly costMiB: number
  readonly boundMiB: number
  /** It then got every version once and in order. */
  readonly isExact: boolean
}

/** Uploads a second, of so many positions: many times what the system's own buffers hold. */
const rate = 400
const positions = 10
/** What a socket may have waiting is 1 MiB, and what differs by chance is as much again and more. */
const boundMiB = 4

export async function measureStalled({ postgres, quick, say }: Means): Promise<Stalled> {
  const stalledSeconds = quick ? 10 : 60
  const probe = createProbe()
  await using service = await startService(postgres, ['api', 'worker'], { apiEnv: probe.env })
  const { graphqlUrl } = service
  const url = graphqlUrl.replace(/^http/, 'ws')
  const [rideId] = await startRides(graphqlUrl, 1)
  await using publisher = await openPublisher(url, rideId!, positions)
  await using other = await openFeedReader(url, { rideId: rideId! })
  await using stalled = await openFeedReader(url, { rideId: rideId! })
  for (const reader of [other, stalled]) reader.begin()

  /** MiB, with nothing under way. */
  const heldAfter = async (seconds: number) => {
    publisher.setRate(rate)
    await pause(seconds * 1_000)
    publisher.setRate(0)
    await other.silence()
    const { heapUsed, external } = await probe.look('collected')
    return (heapUsed + external) / 2 ** 20
  }
  say(`${rate} uploads of ${positions} positions a second, everybody reads`)
  const first = await heldAfter(10)
  const before = await heldAfter(stalledSeconds)
  const from = other.versions.length
  say(`one stops reading for ${stalledSeconds} s`)
  stalled.stall()
  const behind = await heldAfter(stalledSeconds)
  const costMiB = behind - before - Math.max(0, before - first)
  const events = other.versions.length - from
  say('it reads on')
  stalled.readOn()
  await stalled.have(other.versions.length)
  await stalled.silence()
  const isExact =
    stalled.versions.length === other.versions.length &&
    stalled.versions.every((version, index) => version === index + 1)
  return { stalledSeconds, events, costMiB, boundMiB, isExact }
}

export function holds({ costMiB, boundMiB, isExact, events }: Stalled): boolean {
  return isExact && costMiB <= boundMiB && events > 0
}

export function describeStalled(outcome: Stalled): string {
  const { stalledSeconds, events, costMiB, boundMiB, isExact } = outcome
  return [
    `${holds(outcome) ? 'ok  ' : 'FAIL'}  a subscriber that read nothing for ${stalledSeconds} s, in which ${events} events came:`,
    `      cost ${costMiB.toFixed(1)} MiB (at most ${boundMiB}), then ${isExact ? 'got every version once' : 'missed or repeated versions'}`,
  ].join('\n')
}
