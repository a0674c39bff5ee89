/** Who finds a ride and who sees it: its rider alone, who has its address, or everybody. */
import { useId, useState } from 'react'
import { useApp } from '../app/app.ts'
import { type Complaint, complaintAbout } from '../forms/complaint.ts'
import type { Ride } from '../ride/documents.ts'
import { setVisibilityMutation } from './documents.ts'
import { visibilities } from './share-words.ts'

export function VisibilityChoice({
  ride,
  complain,
}: {
  ride: Ride
  complain: (complaint: Complaint) => void
}) {
  const { server } = useApp()
  const id = useId()
  /** Shown until the ride comes back with it. */
  const [asked, setAsked] = useState<{ visibility: Ride['visibility']; version: number } | null>(null)
  const isAsking = asked !== null && ride.version < asked.version
  const shown = isAsking ? asked.visibility : ride.visibility
  const hint = visibilities.find(({ value }) => value === shown)?.hint

  async function set(visibility: Ride['visibility']): Promise<void> {
    setAsked({ visibility, version: Number.POSITIVE_INFINITY })
    const answer = await server.mutate(setVisibilityMutation, { input: { rideId: ride.id, visibility } })
    const result = answer.ok ? answer.data.editRide : null
    const isDone = result?.__typename === 'EditRidePayload'
    complain(isDone ? undefined : complaintAbout(result))
    setAsked(isDone ? { visibility, version: result.version } : null)
  }

  return (
    <div className="field">
      <label htmlFor={id} className="visually-hidden">
        Who sees this ride
      </label>
      <select
        id={id}
        value={shown}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => void set(target.value as Ride['visibility'])}
      >
        {visibilities.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <p className="field-hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  )
}
