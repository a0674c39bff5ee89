/** How long ago something was heard, in as few words as tell it. */

/** Between two uploads it stands still. */
const justNowMs = 5_000

/** `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 days ago`. */
export function formatAgo(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '–'
  if (milliseconds < justNowMs) return 'just now'
  const seconds = Math.floor(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s ago`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ago`
  return `${Math.floor(hours / 24)} days ago`
}
