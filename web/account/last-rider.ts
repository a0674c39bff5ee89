/**
 * Who was signed in when the server last said so: in his name a ride begins where there is no network. It is known without
 * asking, and at once in all tabs.
 */
const key = 'slipstream.rider'

export function lastRider(storage: Pick<Storage, 'getItem'>): string | null {
  return storage.getItem(key)
}

/** @returns whether somebody else was it before: what tabs show may be his. */
export function setLastRider(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  riderId: string | null,
): boolean {
  const before = lastRider(storage)
  if (before === riderId) return false
  if (riderId === null) storage.removeItem(key)
  else storage.setItem(key, riderId)
  return before !== null
}
