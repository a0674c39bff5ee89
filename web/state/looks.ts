/**
 * For what nothing tells the page of: a ride that is over is followed by no feed, and yet its rider may hide it. So it is asked
 * for again whenever somebody comes back to the page, and every few minutes while he looks at it.
 */
const everyMs = 3 * 60_000

/** Until the returned function is called. */
export function onLook(look: () => void): () => void {
  const lookIfSeen = () => {
    if (document.visibilityState === 'visible') look()
  }
  const timer = setInterval(lookIfSeen, everyMs)
  document.addEventListener('visibilitychange', lookIfSeen)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', lookIfSeen)
  }
}
