/** One ride in progress in the list: the whole row is the link that chooses it. */
import { Link } from '@tanstack/react-router'
import { memo, useEffect, useRef } from 'react'
import type { RideSummary } from '../rides/documents.ts'
import { Figure } from '../rides/figure.tsx'
import { StatusPill } from '../rides/status-pill.tsx'
import { useFormats } from '../rides/use-formats.ts'
import { Battery } from './battery.tsx'
import type { LiveEntry } from './live-board.ts'
import { LivePill } from './live-pill.tsx'
import { useAgo, useEntry } from './use-entry.ts'

export interface LiveRowProps {
  rideId: string
  /** What is known of it where it is not on the board: it ended, or nothing. */
  over: RideSummary | undefined
  /** As it left the board, while its row is held in its place. */
  departed: LiveEntry | undefined
  isChosen: boolean
  /** The one that the key Tab comes to. */
  isCurrent: boolean
  /** Grows with each time that the focus is to come here; 0: it is not. */
  focusCount: number
  onChoose(rideId: string): void
}

export const LiveRow = memo(function LiveRow(props: LiveRowProps) {
  const { rideId, over, departed, isChosen, isCurrent, focusCount, onChoose } = props
  const entry = useEntry(rideId)
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (focusCount > 0) link.current?.focus({ preventScroll: true })
  }, [focusCount])
  const title = entry?.ride.title ?? over?.title ?? departed?.ride.title ?? ''
  const rider = (entry?.ride ?? over ?? departed?.ride)?.rider.name ?? ''
  return (
    <Link
      ref={link}
      from="/"
      to="/"
      search={(now) => ({ ...now, ride: rideId })}
      resetScroll={false}
      className="live-row"
      activeProps={noProps}
      aria-current={isChosen ? 'true' : undefined}
      data-ride={rideId}
      tabIndex={isCurrent ? 0 : -1}
      onClick={() => onChoose(rideId)}
    >
      <span className="live-row-title">{title}</span>
      <span className="live-row-rider">{rider}</span>
      {entry === undefined ? <OverParts ride={over} /> : <LiveParts entry={entry} />}
    </Link>
  )
})

/** Every row leads to this page: the router would call each of them current. */
const noProps = {}

function LiveParts({ entry }: { entry: LiveEntry }) {
  const formats = useFormats()
  const ago = useAgo(entry)
  const { progress, position } = entry.ride
  return (
    <>
      <span className="live-row-speed">
        {entry.status === 'active' && <Figure {...formats.speed(progress?.speed)} />}
      </span>
      <span className="live-row-distance">
        <Figure {...formats.distance(progress?.distance)} />
      </span>
      <span className="live-row-about">
        <LivePill status={entry.status} />
        <span>{ago}</span>
        <Battery charge={position?.battery} />
      </span>
    </>
  )
}

function OverParts({ ride }: { ride: RideSummary | undefined }) {
  const formats = useFormats()
  const figures = ride?.statistics ?? ride?.progress
  return (
    <>
      <span className="live-row-speed" />
      <span className="live-row-distance">
        <Figure {...formats.distance(figures?.distance)} />
      </span>
      <span className="live-row-about">
        {ride === undefined ? <span>No longer in progress</span> : <StatusPill status={ride.status} />}
      </span>
    </>
  )
}
