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

/** `Shows it until 3 March, 14:05` */
export function endInWords(expiresAt: string | null): string {
  if (expiresAt === null) return 'Shows it until you take it back'
  const end = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(expiresAt))
  return `Shows it until ${end}`
}

export const visibilities = [
  { value: 'PRIVATE', label: 'Only you', hint: 'And whoever has one of the links below.' },
  { value: 'UNLISTED', label: 'Who has its address', hint: 'It is in no list and not on the live map.' },
  { value: 'PUBLIC', label: 'Everybody', hint: 'It is in lists, in searches and on the live map.' },
] as const
