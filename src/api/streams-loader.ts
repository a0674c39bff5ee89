/**
 * The streams of a request's rides: one ride after the other, each let go of before the next one is read,
 * with a breath in between for whoever else asks. Ten hours at a sample a second take a tenth of a second of
 * the only thread there is, and 15 MB while they are open.
 */
import { setImmediate as breath } from 'node:timers/promises'
import { along } from '#ride/track/along.ts'
import type { Track } from '#ride/track/segment.ts'
import { openStreams, type Streams } from '#ride/track/streams.ts'
import { asGraphQLError } from './errors.ts'

export interface WantedStreams {
  readonly rideId: string
  /** Undefined for all samples there are. */
  readonly resolution: number | undefined
}

export interface StreamsLoader {
  /** Null where there is no track. Rejected where the request asks for too much. */
  load(wanted: WantedStreams): Promise<Streams | null>
}

/**
 * Samples, counted as often as they are asked for: a page of 100 rides of nearly three hours at a sample a
 * second. So many take 1.2 s thinned, of which nobody waits for more than 50 ms, and 2.4 s and 57 MB whole, which are
 * printed in one piece: half a second.
 */
export const mostSamplesOpened = 1_000_000

interface Waiting {
  readonly resolution: number | undefined
  readonly give: (streams: Streams | null) => void
  readonly refuse: (error: unknown) => void
}

/** Of one request. `readTrack` keeps nothing of what it gives. */
export function createStreamsLoader(readTrack: (rideId: string) => Promise<Track | null>): StreamsLoader {
  const waiting = new Map<string, Waiting[]>()
  let isWorking = false
  let opened = 0
  let isTooMuch = false

  async function work(): Promise<void> {
    // Until the fields that are resolved now have all asked:
    // what is asked of one ride is answered from one opening.
    await breath()
    for (const [rideId, asked] of waiting) {
      waiting.delete(rideId)
      await answer(rideId, asked)
      await breath()
    }
    isWorking = false
  }

  async function answer(rideId: string, asked: readonly Waiting[]): Promise<void> {
    try {
      const track = isTooMuch ? undefined : await readTrack(rideId)
      if (track === null) {
        for (const { give } of asked) give(null)
        return
      }
      const often = track === undefined ? 0 : howOften(track, asked.length)
      if (track !== undefined && often > 0) await answerFrom(track, asked.slice(0, often))
      for (const { refuse } of asked.slice(often)) refuse(tooMuch())
    } catch (error) {
      for (const { refuse } of asked) refuse(error)
    }
  }

  /** How many of so many askings are not too much; one ride, once, never is. */
  function howOften({ segments }: Track, count: number): number {
    const samples = segments.reduce((sum, segment) => sum + segment.samples.length, 0)
    let often = 0
    while (often < count && (opened === 0 || opened + samples <= mostSamplesOpened)) {
      opened += samples
      often++
    }
    isTooMuch = often < count
    return often
  }

  return {
    load({ rideId, resolution }) {
      return new Promise((give, refuse) => {
        const asked = waiting.get(rideId)
        if (asked === undefined) waiting.set(rideId, [{ resolution, give, refuse }])
        else asked.push({ resolution, give, refuse })
        if (isWorking) return
        isWorking = true
        void work()
      })
    },
  }
}

async function answerFrom(track: Track, asked: readonly Waiting[]): Promise<void> {
  await breath()
  const milestones = along(track)
  await breath()
  const streams = openStreams(track, milestones)
  for (const { resolution, give } of asked) {
    give(streams(resolution))
    // Meanwhile the field is completed, and what was thinned for it forgotten.
    await breath()
  }
}

function tooMuch() {
  return asGraphQLError(
    'INVALID_INPUT',
    `Streams of at most ${mostSamplesOpened.toLocaleString('en')} samples are opened for one request, those of a ride as often as they are asked for. Ask for the streams of fewer rides at a time.`,
  )
}
