/** A recording as it is after it was ridden: the events in the log, and the ride that is exported of them. */

import type { Recording } from '#recordings/recording.ts'
import type { ExportedRide } from '#recordings/write/exported-ride.ts'
import { decodeRideEvent, encodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import { along } from '#ride/track/along.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'

const progress = { distance: 0, movingTime: 0, timerTime: 0, speed: null }

export function eventsOf({ startedAt, endedAt, entries }: Recording): RideEvent[] {
  const events: RideEvent[] = [
    { type: 'RideStarted', at: startedAt, riderId: 'rider', title: null, visibility: 'PRIVATE' },
  ]
  for (const entry of entries) {
    if (entry.kind === 'pause') events.push({ type: 'RidePaused', at: entry.at, progress })
    else if (entry.kind === 'resume') events.push({ type: 'RideResumed', at: entry.at, progress })
    else {
      const { position } = entry
      events.push({ type: 'RidePositionsRecorded', at: position.at, positions: [position], progress })
    }
  }
  events.push({ type: 'RideEnded', at: endedAt, progress })
  return events.map((event) =>
    decodeRideEvent({ type: event.type, schemaVersion: 1, data: JSON.parse(encodeRideEvent(event)) }),
  )
}

export function rideOf(recording: Recording): ExportedRide {
  const track = trackOf(eventsOf(recording))
  return {
    id: '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506',
    title: recording.name ?? 'Morning ride',
    description: null,
    track,
    statistics: statisticsOf(track, along(track)),
  }
}
