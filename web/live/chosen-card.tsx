/** The card of the ride that the address names, with what is known of it. */
import { useEffect } from 'react'
import { useApp } from '../app/app.ts'
import { RideCard, type RideCardProps } from './ride-card.tsx'
import { type ChosenRide, useChosenRide } from './use-chosen-ride.ts'

export function ChosenCard({ rideId, ...card }: Omit<RideCardProps, 'chosen'> & { rideId: string }) {
  const chosen = useChosenRide(rideId)
  useSayingStatus(chosen)
  return <RideCard chosen={chosen} {...card} />
}

const words = {
  active: 'is being ridden',
  paused: 'is paused',
  stale: 'has not been heard of for a minute',
  ENDED: 'has ended',
  FINISHED: 'is finished',
} as const

/** What becomes of the ride that one watches is said to those who do not see it. */
function useSayingStatus(chosen: ChosenRide): void {
  const { announcements } = useApp()
  const sentence = sentenceOf(chosen)
  useEffect(() => {
    if (sentence !== '') announcements.say(sentence)
  }, [announcements, sentence])
}

function sentenceOf(chosen: ChosenRide): string {
  if (chosen.status === 'live') return `${chosen.entry.ride.title} ${words[chosen.entry.status]}.`
  if (chosen.status !== 'over') return ''
  const { status, title } = chosen.ride
  return status === 'ENDED' || status === 'FINISHED' ? `${title} ${words[status]}.` : ''
}
