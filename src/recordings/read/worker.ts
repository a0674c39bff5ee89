/**
 * The entry of the thread that reads one uploaded file: whatever the file holds, it keeps only this thread busy, and ends no
 * more than it. It hands over what it found, the plan of the ride in pieces, and is done.
 */

import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import type { LeftOut } from '#recordings/left-out.ts'
import { countIn, type Plan, planOf, type Step } from '#recordings/plan.ts'
import { type Recording, timeOf } from '#recordings/recording.ts'
import { fileInBody } from './form.ts'
import { encodePiece } from './piece.ts'
import { readUnpacked } from './read.ts'
import { titleOf } from './title.ts'
import { unpack } from './unpack.ts'

export interface WorkerInput {
  readonly body: Uint8Array
  readonly contentType: string
  /** Milliseconds since 1970: no clock is so far ahead. */
  readonly latestAt: number
}

/** What is known of a file that was read. */
export interface FileSummary {
  /** Of what is in it, unpacked: hex. */
  readonly sha256: string
  readonly title: string | null
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  readonly positions: number
  readonly leftOut: readonly LeftOut[]
  /** How many of the positions have no place because the file's is none on Earth. */
  readonly lostPlaces: number
}

export type WorkerOutput =
  /** `pieces` as in `piece.ts`. */
  | { readonly kind: 'read'; readonly summary: FileSummary; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** Decoded, decided and encoded again, a piece this large takes the main thread some 20 ms. */
const piecePositions = 5_000
/** Five days at one sample a second. A route is built of a ride as a whole, which takes its time with each sample. */
const mostPositions = 500_000
/** As many as go into one commit. */
const pieceSteps = 100

if (parentPort === null) throw new Error('This file is the entry of a thread of its own.')
const parent = parentPort
const say = (output: WorkerOutput, handedOver: ArrayBuffer[] = []): void =>
  parent.postMessage(output, handedOver)

await read(workerData)

async function read({ body, contentType, latestAt }: WorkerInput): Promise<void> {
  const file = await fileInBody(body, contentType)
  if (file.outcome === 'refused') return say({ kind: 'refused', reason: file.reason })
  const unpacked = unpack(file.bytes)
  if (unpacked.outcome === 'refused') return say({ kind: 'refused', reason: unpacked.reason })
  const sha256 = createHash('sha256').update(unpacked.bytes).digest('hex')
  const reading = await readUnpacked(unpacked.bytes)
  if (reading.outcome === 'refused') return say({ kind: 'refused', reason: reading.reason })
  const plan = planOf(reading.recording)
  const reason = whyFromTheFuture(reading.recording, latestAt) ?? whyTooMany(plan)
  if (reason !== undefined) return say({ kind: 'refused', reason })
  const { positions } = plan
  const lostPlaces = countIn(plan.steps, reading.lostPlaces)
  const leftOut = [...reading.leftOut, ...plan.leftOut]
  const title = titleOf(reading.recording.name)
  const { startedAt, endedAt } = reading.recording
  const pieces = piecesOf(plan).map(encodePiece)
  say(
    { kind: 'read', summary: { sha256, title, startedAt, endedAt, positions, leftOut, lostPlaces }, pieces },
    pieces.map(({ buffer }) => buffer),
  )
}

function whyFromTheFuture({ entries, endedAt }: Recording, latestAt: number): string | undefined {
  const newest = Math.max(endedAt, timeOf(entries.at(-1)!))
  if (newest <= latestAt) return undefined
  const day = new Date(newest).toISOString().slice(0, 10)
  return `The recording holds times from the future (${day}). Set the clock of the device, and mend the file's times.`
}

function whyTooMany({ positions }: Plan): string | undefined {
  if (positions <= mostPositions) return undefined
  return `The recording holds ${positions} positions; a ride takes ${mostPositions}. Export it thinned, or in parts.`
}

/** The end is a piece of its own: it is sent when all else is known to be recorded. */
function piecesOf({ steps }: Plan): Step[][] {
  const pieces: Step[][] = []
  let positions = Number.POSITIVE_INFINITY
  for (const step of steps) {
    const size = step.kind === 'upload' ? step.positions.length : 0
    const piece = pieces.at(-1)
    if (
      piece === undefined ||
      positions + size > piecePositions ||
      piece.length === pieceSteps ||
      step.kind === 'end'
    ) {
      pieces.push([step])
      positions = size
    } else {
      piece.push(step)
      positions += size
    }
  }
  return pieces
}
