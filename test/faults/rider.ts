/**
 * A rider who rides one simulated ride after another and sends them as fast as they are answered: uploads of random
 * size, from one device or two, with pauses, edits, and uploads that are sent once more when the ride is long over. Some
 * rides are deleted, on the way or right after their end.
 */
import { Buffer } from 'node:buffer'
import type { RecordingEntry } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { Random } from '#recordings/simulate/simulate-random.ts'
import { roundPosition } from '#ride/encoding.ts'
import type { Position } from '#ride/position.ts'
import { digestOf, keyOf, type Ledger } from './ledger.ts'
import type { Command, Sender } from './sender.ts'

export interface RiderOptions {
  readonly sender: Sender
  readonly ledger: Ledger
  readonly random: Random
  /** Aborts when no new ride shall begin and the present one shall end. */
  readonly closing: AbortSignal
  /** A ride's start was acknowledged. */
  readonly started: (rideId: string) => void
}

const startedAt = Date.UTC(2026, 4, 31, 8)
const largestUpload = 60
const twoDevicesShare = 0.3
const editShare = 0.03
const deletedOnTheWayShare = 0.05
const deletedAtTheEndShare = 0.1

/** Resolves when `closing` has aborted and the ride then under way is over. */
export async function ride(options: RiderOptions): Promise<void> {
  while (!options.closing.aborted) await rideOnce(options)
}

async function rideOnce({ sender, ledger, random, closing, started }: RiderOptions): Promise<void> {
  const rideId = uuidFrom(random)
  const { entries, endedAt } = simulateRide({
    seed: Math.floor(random() * 2 ** 31),
    start: { latitude: 40 + 10 * random(), longitude: 10 * random() },
    startedAt,
    duration: 300 + Math.floor(1500 * random()),
  })
  const devices = random() < twoDevicesShare ? 2 : 1
  const command = (name: Command['name'], input: Command['input'] = {}): Command => {
    const commandId = uuidFrom(random)
    return { name, rideId, eventId: commandId, input: { rideId, commandId, ...input } }
  }
  const transition = (name: 'pauseRide' | 'resumeRide' | 'endRide', at: number) =>
    sender.send(command(name, { at: timeOf(at) }))
  const edit = () => command('editRide', { title: `Ride ${Math.floor(1000 * random())}` })
  const uploadOf = (positions: readonly Position[]): Command => {
    const uploadId = uuidFrom(random)
    const input = { rideId, uploadId, positions: positions.map(inputOf) }
    const digest = digestOf(positions.map(roundPosition))
    return { name: 'recordPositions', rideId, eventId: uploadId, input, digest }
  }

  /** Devices send side by side; the rider touches the timer when both have been answered. */
  async function upload(positions: readonly Position[]): Promise<Command[]> {
    const waiting: Command[] = []
    for (let from = 0; from < positions.length; ) {
      const to = from + 1 + Math.floor(largestUpload * random())
      waiting.push(uploadOf(positions.slice(from, to)))
      if (random() < editShare) waiting.push(edit())
      from = to
    }
    const sent: Command[] = []
    const device = async () => {
      for (let next = waiting.shift(); next !== undefined && !closing.aborted; next = waiting.shift()) {
        await sender.send(next)
        sent.push(next)
      }
    }
    await Promise.all(Array.from({ length: devices }, device))
    return sent
  }

  const visibility = random() < 0.5 ? 'PUBLIC' : 'PRIVATE'
  const start = { rideId, startedAt: timeOf(startedAt), title: 'A ride', visibility }
  await sender.send({ name: 'startRide', rideId, eventId: rideId, input: start })
  ledger.rides.set(rideId, { ended: false })
  started(rideId)
  const sent: Command[] = []
  for (const stretch of stretchesOf(entries)) {
    if (closing.aborted) break
    if (stretch.resumedAt !== undefined) await transition('resumeRide', stretch.resumedAt)
    sent.push(...(await upload(stretch.positions)))
    if (stretch.pausedAt !== undefined) await transition('pauseRide', stretch.pausedAt)
  }
  const fate = random()
  if (fate >= deletedOnTheWayShare) await transition('endRide', endedAt)
  ledger.rides.set(rideId, { ended: true })
  if (fate < deletedOnTheWayShare + deletedAtTheEndShare) {
    const deletion = command('deleteRide', { at: timeOf(endedAt) })
    ledger.deletions.set(rideId, deletion.eventId)
    await sender.send({ ...deletion, doneWith: 'RIDE_NOT_FOUND' })
    await sender.send({ ...edit(), refusedWith: 'RIDE_NOT_FOUND' })
    return
  }
  if (random() < 0.5) await sender.send(edit())
  // A retry that comes when the ride is over is answered as the first time; what is new then is refused.
  const late = sent[Math.floor(sent.length * random())]
  if (late !== undefined) await sender.send(late)
  const tooLate = uploadOf([{ at: startedAt }])
  ledger.refused.add(keyOf(rideId, tooLate.eventId))
  await sender.send({ ...tooLate, refusedWith: 'RIDE_NOT_ACTIVE' })
}

interface Stretch {
  readonly positions: readonly Position[]
  readonly resumedAt: number | undefined
  readonly pausedAt: number | undefined
}

function stretchesOf(entries: readonly RecordingEntry[]): Stretch[] {
  const stretches: Stretch[] = []
  let positions: Position[] = []
  let resumedAt: number | undefined
  for (const entry of entries) {
    if (entry.kind === 'position') positions.push(entry.position)
    else if (entry.kind === 'pause') stretches.push({ positions, resumedAt, pausedAt: entry.at })
    else {
      positions = []
      resumedAt = entry.at
    }
  }
  stretches.push({ positions, resumedAt, pausedAt: undefined })
  return stretches
}

const timeOf = (at: number) => new Date(at).toISOString()
const inputOf = ({ at, ...measured }: Position) => ({ at: timeOf(at), ...measured })

function uuidFrom(random: Random): string {
  const hex = Buffer.from(Array.from({ length: 16 }, () => Math.floor(256 * random()))).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
