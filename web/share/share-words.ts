/** How long a link is good, and who sees a ride, in words. */

import type { Lifetime } from '../forms/lifetime.ts'
import { formatter, thisViewer } from '../rides/start.ts'

export const lifetimes: readonly Lifetime[] = [
  { value: '1', label: 'a day' },
  { value: '7', label: 'a week' },
  { value: '30', label: '30 days' },
  { value: 'ever', label: 'until I take it back' },
]

/** `Good until 3 Mar, 14:05 CET` */
export function endInWords(expiresAt: string | null): string {
  if (expiresAt === null) return 'Good until you take it back'
  const end = formatter(thisViewer().timeZone, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(expiresAt))
  return `Good until ${end}`
}

/** Whether an address leads nowhere but to the machine that it is opened on. */
export function isOfThisMachine(address: string): boolean {
  const { hostname } = new URL(address)
  return /^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
}

export const visibilities = [
  { value: 'PRIVATE', label: 'Only you', hint: 'Nobody else can see it, unless you share it by a link.' },
  {
    value: 'UNLISTED',
    label: 'Anyone with the address',
    hint: 'It is in no list, in no search and not on the live map.',
  },
  { value: 'PUBLIC', label: 'Everybody', hint: 'It is in lists, in searches and on the live map.' },
] as const
