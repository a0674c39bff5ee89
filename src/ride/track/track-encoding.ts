/**
 * How a track is kept: as JSON, its samples as those of the log (`encoding.ts`), a segment after the other. What it was made of
 * stays in the log.
 */
import { decodePositions, encodePositions, type PositionColumns } from '#ride/encoding.ts'
import { isFix, type Segment, type Track } from './segment.ts'

export interface EncodedTrack {
  readonly startedAt: number
  readonly endedAt: number
  readonly segments: readonly {
    readonly from: number
    readonly to: number
    readonly samples: PositionColumns
  }[]
}

export function encodeTrack({ startedAt, endedAt, segments }: Track): EncodedTrack {
  return {
    startedAt,
    endedAt,
    segments: segments.map(({ from, to, samples }) => ({ from, to, samples: encodePositions(samples) })),
  }
}

export function decodeTrack(encoded: EncodedTrack, excluded: Track['excluded']): Track {
  const { startedAt, endedAt, segments } = encoded
  return { startedAt, endedAt, excluded, segments: segments.map(decodeSegment) }
}

function decodeSegment({ from, to, samples: columns }: EncodedTrack['segments'][number]): Segment {
  const samples = decodePositions(columns)
  return { from, to, samples, fixes: samples.filter(isFix) }
}
