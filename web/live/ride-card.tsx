/** The ride that is chosen: over the map on a wide screen, at the foot of a phone's. */
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { OverMap } from '../app/over-map.tsx'
import { CopyButton } from '../forms/copy-button.tsx'
import { StatusPill } from '../rides/status-pill.tsx'
import { LiveFigures, OverFigures } from './card-figures.tsx'
import type { LiveEntry } from './live-board.ts'
import { LivePill } from './live-pill.tsx'
import type { ChosenRide } from './use-chosen-ride.ts'
import { useAgo } from './use-entry.ts'

export interface RideCardProps {
  chosen: ChosenRide
  isFollowed: boolean
  /** Grows with each time that somebody chose a ride here. */
  arrivals: number
  onFollow(isFollowed: boolean): void
  onClose(): void
}

export function RideCard({ chosen, isFollowed, arrivals, onFollow, onClose }: RideCardProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { rideId } = chosen
  useEffect(() => {
    if (arrivals > 0) heading.current?.focus({ preventScroll: true })
  }, [arrivals])
  if (chosen.status === 'loading') return null

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') onClose()
  }

  return (
    <OverMap>
      <section className="ride-card" aria-labelledby="ride-card-title" onKeyDown={onKeyDown}>
        <header className="ride-card-head">
          <h2 id="ride-card-title" ref={heading} tabIndex={-1}>
            {titleOf(chosen)}
          </h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" className="line-icon">
              <path d="M5 5l10 10M15 5 5 15" />
            </svg>
          </button>
        </header>
        {chosen.status === 'live' && <LiveAbout entry={chosen.entry} />}
        {chosen.status === 'live' && <LiveFigures entry={chosen.entry} />}
        {chosen.status === 'over' && (
          <p className="ride-card-about">
            <StatusPill status={chosen.ride.status} />
            <span>{chosen.ride.rider.name}</span>
          </p>
        )}
        {chosen.status === 'over' && <OverFigures ride={chosen.ride} />}
        {chosen.status === 'gone' && (
          <p className="ride-card-note">
            It was deleted, or its rider does not share it with you. The rides in progress are in the list.
          </p>
        )}
        {chosen.status !== 'gone' && (
          <div className="ride-card-actions">
            {chosen.status === 'live' && (
              <button
                type="button"
                className="button"
                aria-pressed={isFollowed}
                onClick={() => onFollow(!isFollowed)}
              >
                {/* As wide as the wider of the two: nothing beside it moves. */}
                <span className="either-word">
                  <span data-shown={!isFollowed}>Follow</span>
                  <span data-shown={isFollowed}>Following</span>
                </span>
              </button>
            )}
            <Link to="/rides/$rideId" params={{ rideId }} search={{}} className="button button-main">
              Open ride
            </Link>
            <CopyButton
              what="the link to the ride"
              label="Copy link to the ride"
              text={() => new URL(`/rides/${rideId}`, window.location.origin).href}
            >
              Copy link
            </CopyButton>
          </div>
        )}
      </section>
    </OverMap>
  )
}

function LiveAbout({ entry }: { entry: LiveEntry }): ReactNode {
  const ago = useAgo(entry)
  return (
    <p className="ride-card-about">
      <LivePill status={entry.status} />
      <span>{entry.ride.rider.name}</span>
      <span>Last heard {ago}</span>
    </p>
  )
}

function titleOf(chosen: ChosenRide): string {
  if (chosen.status === 'live') return chosen.entry.ride.title
  return chosen.status === 'over' ? chosen.ride.title : 'This ride cannot be shown'
}
