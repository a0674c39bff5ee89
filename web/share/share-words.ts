/** How long a link is good, in words. */

export const lifetimes = [
  { value: '1', label: 'a day' },
  { value: '7', label: 'a week' },
  { value: '30', label: '30 days' },
  { value: 'ever', label: 'as long as I do not take it back' },
] as const

/** Null: until it is taken back. */
export function expiryOf(lifetime: string, now: Date): string | null {
  const days = Number(lifetime)
  return days > 0 ? new Date(now.getTime() + days * 86_400_000).toISOString() : null
}

/** `Good until 3 Mar, 14:05` */
export function endInWords(expiresAt: string | null): string {
  if (expiresAt === null) return 'Good until you take it back'
  const end = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(expiresAt))
  return `Good until ${end}`
}

export const visibilities = [
  { value: 'PRIVATE', label: 'Only you', hint: 'Nobody else finds it. You can give it away by a link.' },
  { value: 'UNLISTED', label: 'Who has its address', hint: 'It is in no list and not on the live map.' },
  { value: 'PUBLIC', label: 'Everybody', hint: 'It is in lists, in searches and on the live map.' },
] as const
