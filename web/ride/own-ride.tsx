/** What only its rider can do with a ride: end it while it goes on, and delete it. */
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useApp } from '../app/app.ts'
import { searchOnReturn } from '../app/way-back.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import { type Complaint, complaintAbout } from '../forms/complaint.ts'
import { Form } from '../forms/form.tsx'
import { type Opened, Opener } from '../forms/opener.tsx'
import { formatStart, thisViewer } from '../rides/start.ts'
import { useFormats } from '../rides/use-formats.ts'
import { deleteRideMutation, endRideMutation, type Ride } from './documents.ts'
import { inLine } from './quantities.ts'

export function EndRide({ ride }: { ride: Ride }) {
  const { server, announcements } = useApp()
  async function end(): Promise<Complaint> {
    const answer = await server.mutate(endRideMutation, { input: { rideId: ride.id } })
    const result = answer.ok ? answer.data.endRide : null
    if (result?.__typename !== 'EndRidePayload') return complaintAbout(result)
    announcements.say('The ride has ended. Its route is being prepared.')
    return undefined
  }
  return (
    <div className="end-ride">
      <AskFirst action="End this ride" object="now: nothing more is recorded" confirm="End it" act={end} />
      <p className="note">
        The recording device usually does this. End the ride here if the device is lost or was forgotten.
      </p>
    </div>
  )
}

export function DeleteRide({ ride }: { ride: Ride }) {
  return (
    <Opener label="Delete this ride…" className="button-wrong">
      {(opened) => <DeleteForm ride={ride} opened={opened} />}
    </Opener>
  )
}

function DeleteForm({ ride, opened }: { ride: Ride; opened: Opened }) {
  const { server, announcements, wayBack } = useApp()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const navigate = useNavigate()
  const formats = useFormats()
  const id = useId()
  const [isMeant, setMeant] = useState(false)
  const distance = ride.statistics?.distance ?? ride.progress?.distance

  async function remove(): Promise<Complaint> {
    if (!isMeant) return 'Tick the box first: a deleted ride cannot be restored.'
    const answer = await server.mutate(deleteRideMutation, { input: { rideId: ride.id } })
    const result = answer.ok ? answer.data.deleteRide : null
    // Gone already: somebody was faster, or the first answer was lost.
    const isGone = result?.__typename === 'RideNotFoundError'
    if (result?.__typename !== 'DeleteRidePayload' && !isGone) return complaintAbout(result)
    announcements.show(`“${ride.title}” is deleted.`)
    // Where rides are that are over; going back does not come to what is no more.
    await navigate({ to: '/history', search: searchOnReturn(wayBack.get(), path), replace: true })
    return undefined
  }

  return (
    <div className="delete-ride">
      <p>
        <strong>This deletes the ride for good.</strong> Nobody can undo it.
      </p>
      <ul className="delete-what">
        <li>{ride.title}</li>
        <li>{formatStart(ride.startedAt, ride.timeZone, thisViewer())}</li>
        <li>{inLine(formats.distance(distance))}, with all its positions, its route and its links</li>
      </ul>
      <Form action="Delete for good" isWrong isReady={isMeant} submit={remove} cancel={opened.goBack}>
        <label className="tick" htmlFor={id}>
          <input
            id={id}
            type="checkbox"
            checked={isMeant}
            onChange={({ target }) => setMeant(target.checked)}
          />
          Yes, delete this ride and everything that belongs to it
        </label>
      </Form>
    </div>
  )
}
