/** Beside a ride of one's own: who sees it, and links that show it to whoever has them. */
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import { arriveAt } from '../forms/arriving.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import { type Complaint, complaintAbout } from '../forms/complaint.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import { Entries, Entry } from '../forms/entries.tsx'
import { Form, textOf } from '../forms/form.tsx'
import { expiryOf } from '../forms/lifetime.ts'
import { LifetimeField } from '../forms/lifetime-field.tsx'
import { type Opened, Opener } from '../forms/opener.tsx'
import { ShownOnce } from '../forms/shown-once.tsx'
import type { Ride } from '../ride/documents.ts'
import { shareRideMutation, unshareRideMutation } from './documents.ts'
import { endInWords, isOfThisMachine, lifetimes } from './share-words.ts'
import { VisibilityChoice } from './visibility-choice.tsx'

const mostShares = 20

/** What is done comes back with the ride's feed. */
export function Sharing({ ride }: { ride: Ride }) {
  const { server, announcements } = useApp()
  const [made, setMade] = useState<string | null>(null)
  const [complaint, setComplaint] = useState<Complaint>()
  const heading = useRef<HTMLHeadingElement>(null)
  const shares = ride.shares ?? []

  async function make(fields: FormData, { close }: Opened): Promise<Complaint> {
    if (shares.length >= mostShares) return `A ride has at most ${mostShares} links. Take one back first.`
    const expiresAt = expiryOf(textOf(fields, 'lifetime'), new Date())
    const answer = await server.mutate(shareRideMutation, { input: { rideId: ride.id, expiresAt } })
    const result = answer.ok ? answer.data.shareRide : null
    if (result?.__typename !== 'ShareRidePayload') return complaintAbout(result)
    close()
    setMade(new URL(result.url, window.location.origin).href)
    announcements.say('The link is made.')
    return undefined
  }

  async function takeBack(shareId: string): Promise<Complaint> {
    const answer = await server.mutate(unshareRideMutation, { input: { rideId: ride.id, shareId } })
    const result = answer.ok ? answer.data.unshareRide : null
    if (result?.__typename !== 'UnshareRidePayload') return complaintAbout(result)
    setMade(null)
    announcements.say('The link is taken back.')
    arriveAt(heading.current)
    return undefined
  }

  return (
    <section className="sharing" aria-labelledby="sharing-heading">
      <h2 id="sharing-heading" ref={heading} tabIndex={-1}>
        Who sees this ride
      </h2>
      <VisibilityChoice ride={ride} complain={setComplaint} />
      <ComplaintLine complaint={complaint} />
      {made !== null && (
        <ShownOnce
          label="The link"
          value={made}
          done={() => {
            setMade(null)
            arriveAt(heading.current)
          }}
        >
          <strong>Copy the link now.</strong> Whoever has it sees the ride.
          {isOfThisMachine(made) && (
            <>
              {' '}
              <strong>It works on this computer only:</strong> {new URL(made).host} is no address for others.
              To share it with them, open Slipstream at an address that they can reach and make the link
              there.
            </>
          )}
        </ShownOnce>
      )}
      {shares.length > 0 && (
        <Entries label="Links that show this ride">
          {shares.map(({ id, expiresAt }) => (
            <Entry key={id} name="Link" about={endInWords(expiresAt)}>
              <AskFirst
                action="Take back"
                object={`the link. ${endInWords(expiresAt)}`}
                act={() => takeBack(id)}
              />
            </Entry>
          ))}
        </Entries>
      )}
      {made === null && (
        <Opener label="Share by a link">
          {(opened) => (
            <Form action="Make the link" submit={(fields) => make(fields, opened)} cancel={opened.goBack}>
              <LifetimeField label="The link works for" lifetimes={lifetimes} usual="7" />
            </Form>
          )}
        </Opener>
      )}
      <p className="note">
        Nobody but you sees what lies in your{' '}
        <Link to="/settings/privacy" className="text-link">
          privacy zones
        </Link>
        .
      </p>
    </section>
  )
}
