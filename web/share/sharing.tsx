/** Beside a ride of one's own: who sees it, and links that show it to whoever has them. */
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { AccountForm, textOf } from '../account/form.tsx'
import { useApp } from '../app/app.ts'
import { AskFirst } from '../forms/ask-first.tsx'
import type { Ride } from '../rides/documents.ts'
import { setVisibilityMutation, shareRideMutation, unshareRideMutation } from './documents.ts'
import { endInWords, expiryOf, lifetimes, visibilities } from './share-words.ts'

const away = 'The server does not answer. Try again in a moment.'

type Complaint = string | undefined
type Share = NonNullable<Ride['shares']>[number]

/** What is done comes back with the ride's feed. */
export function Sharing({ ride }: { ride: Ride }) {
  const { server } = useApp()
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [complaint, setComplaint] = useState<Complaint>()
  const shares = ride.shares ?? []

  async function make(fields: FormData): Promise<Complaint> {
    const expiresAt = expiryOf(textOf(fields, 'lifetime'), new Date())
    const answer = await server.mutate(shareRideMutation, { input: { rideId: ride.id, expiresAt } })
    if (!answer.ok) return away
    const { shareRide: result } = answer.data
    if (result.__typename !== 'ShareRidePayload') return result.message
    setMade(new URL(result.url, window.location.origin).href)
    setMaking(false)
    return undefined
  }

  async function takeBack(shareId: string): Promise<Complaint> {
    const answer = await server.mutate(unshareRideMutation, { input: { rideId: ride.id, shareId } })
    if (!answer.ok) return away
    const { unshareRide: result } = answer.data
    if (result.__typename !== 'UnshareRidePayload') return result.message
    setMade(null)
    return undefined
  }

  return (
    <section className="sharing" aria-labelledby="sharing-heading">
      <h2 id="sharing-heading">Who sees this ride</h2>
      <VisibilityChoice ride={ride} complain={setComplaint} />
      {complaint !== undefined && (
        <p className="complaint" role="alert">
          {complaint}
        </p>
      )}
      {made !== null && <NewLink url={made} done={() => setMade(null)} />}
      {shares.length > 0 && (
        <ul className="keys" aria-label="Links that show this ride">
          {shares.map((share) => (
            <ShareRow key={share.id} share={share} takeBack={() => takeBack(share.id)} />
          ))}
        </ul>
      )}
      {isMaking ? (
        <AccountForm action="Make the link" submit={make} cancel={() => setMaking(false)}>
          <label className="field">
            It shows the ride for
            <select name="lifetime" defaultValue="7">
              {lifetimes.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </AccountForm>
      ) : (
        made === null && (
          <button type="button" className="button" onClick={() => setMaking(true)}>
            Share by a link
          </button>
        )
      )}
      <p className="account-note">
        Nobody but you sees what lies in your{' '}
        <Link to="/privacy" className="text-link">
          privacy zones
        </Link>
        .
      </p>
    </section>
  )
}

function VisibilityChoice({ ride, complain }: { ride: Ride; complain: (complaint: Complaint) => void }) {
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
    complain(isDone ? undefined : (result?.message ?? away))
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

function NewLink({ url, done }: { url: string; done: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(url).then(
      () => setCopied(true),
      () => undefined,
    )
  return (
    <div className="new-secret" role="status">
      <p>
        <strong>Copy the link now.</strong> Whoever has it sees the ride.
      </p>
      <code>{url}</code>
      <div className="new-secret-actions">
        <button type="button" className="button button-main" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" className="button" onClick={done}>
          Done
        </button>
      </div>
    </div>
  )
}

function ShareRow({ share, takeBack }: { share: Share; takeBack: () => Promise<Complaint> }) {
  const words = endInWords(share.expiresAt)
  return (
    <li className="key">
      <div className="key-about">
        <p className="key-name">Link</p>
        <p className="key-usage">{words}</p>
      </div>
      <AskFirst action="Take back" object={`the link. ${words}`} act={takeBack} />
    </li>
  )
}
