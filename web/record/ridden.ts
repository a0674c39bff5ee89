/** How far and how fast, from what was recorded here and from what the server has measured of it. */
import type { TakenPosition } from './entries.ts'
import type { RideOnServer } from './ride-on-server.ts'
import type { RideQueue } from './ride-queue.ts'

/** @returns metres. Once the ride is finished, the server's own figure. */
export function metresRidden(
  { odometer: { through }, positions }: Pick<RideQueue, 'odometer' | 'positions'>,
  onServer: RideOnServer | null,
): number {
  const here = through[positions.length - 1] ?? 0
  if (onServer === null) return here
  const { ride, through: held } = onServer
  const final = ride.statistics?.distance
  if (typeof final === 'number') return final
  const measured = ride.progress?.distance
  if (typeof measured !== 'number' || held === 0) return here
  return measured + here - (through[held - 1] ?? 0)
}

/** A speed that is older says nothing of now. */
const newestMs = 8_000

/** @returns metres per second; null where it is not known. */
export function speedNow(positions: readonly TakenPosition[], nowMs: number): number | null {
  const last = positions.at(-1)
  if (last?.speed === undefined || Math.abs(nowMs - last.at) > newestMs) return null
  return last.speed
}
