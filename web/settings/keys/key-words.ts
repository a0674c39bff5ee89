/** A key in a few words: what it may, whether somebody uses it, how long it is good. */

import type { Lifetime } from '../../forms/lifetime.ts'
import { formatter, thisViewer } from '../../rides/start.ts'
import type { ApiKey } from './documents.ts'

export const lifetimes: readonly Lifetime[] = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: 'ever', label: 'as long as I do not revoke it' },
]

/** What a key may, as whoever makes it has to know it. */
export const rights = [
  {
    scope: 'RIDES_READ',
    label: 'Read',
    hint: 'All your rides, where they were ridden, and your privacy zones.',
  },
  {
    scope: 'RIDES_WRITE',
    label: 'Record and change',
    hint: 'Start, edit, share and delete your rides. Change your privacy zones, keys and webhooks.',
  },
] as const

/** `reads, changes · used today · until 3 Mar 2027` */
export function usageOf(
  { scopes, lastUsedAt, expiresAt }: Pick<ApiKey, 'scopes' | 'lastUsedAt' | 'expiresAt'>,
  now: Date,
): string {
  return [rightsOf(scopes), useOf(lastUsedAt, now), endOf(expiresAt, now)]
    .filter((part) => part !== '')
    .join(' · ')
}

function rightsOf(scopes: ApiKey['scopes']): string {
  const verbs = [
    ...(scopes.includes('RIDES_READ') ? ['reads'] : []),
    ...(scopes.includes('RIDES_WRITE') ? ['changes'] : []),
    ...(scopes.includes('ADMIN') ? ['administers'] : []),
  ]
  return verbs.join(', ')
}

function useOf(lastUsedAt: string | null, now: Date): string {
  if (lastUsedAt === null) return 'never used'
  const days = daysBetween(new Date(lastUsedAt), now)
  if (days <= 0) return 'used today'
  if (days === 1) return 'used yesterday'
  return days < 60 ? `used ${days} days ago` : `used ${dateOf(lastUsedAt)}`
}

function endOf(expiresAt: string | null, now: Date): string {
  if (expiresAt === null) return ''
  return new Date(expiresAt) <= now ? 'expired' : `until ${dateOf(expiresAt)}`
}

function dateOf(instant: string): string {
  return formatter(thisViewer().timeZone, { day: 'numeric', month: 'short', year: 'numeric' }).format(
    new Date(instant),
  )
}

/** By the calendar of whoever looks. */
function daysBetween(earlier: Date, later: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000)
}
