/** Why no ride is listed, where the list is narrowed. */
import type { StatusFilter } from './live-filter.ts'

const alone: Record<StatusFilter, string> = {
  active: 'No ride is active now.',
  paused: 'No ride is paused now.',
  stale: 'No ride is stale: each was heard of within the last minute.',
  ended: 'No ride has ended since this page was opened.',
}

/** @param words that are searched for. */
export function nothingInWords(words: string | undefined, status: StatusFilter | undefined): string {
  const sought = words?.trim() ?? ''
  if (sought === '') return status === undefined ? 'No ride is in progress.' : alone[status]
  const rides = status === undefined ? 'ride in progress' : `${status} ride`
  return `No ${rides} has “${sought}” in its title or in its rider’s name.`
}
