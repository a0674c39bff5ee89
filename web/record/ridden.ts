/** How far and how fast, from what was recorded here and from what the server has measured of it. */
import type { RideOnServer } from './ride-on-server.ts'
import type { RideQueue } from './ride-queue.ts'

/** @returns metres. Once the ride is finished, the server's own figure. */
export function metresRidden(
  { odometer: { before, through }, positionsFrom }: Pick<RideQueue, 'odometer' | 'positionsFrom'>,
  onServer: RideOnServer | null,
): number {
  const here = through.at(-1) ?? before
  if (onServer === null) return here
  const { ride, through: held } = onServer
  const final = ride.statistics?.distance
  if (typeof final === 'number') return final
  const measured = ride.progress?.distance
  if (typeof measured !== 'number' || held === 0) return here
  return measured + here - (through[held - 1 - positionsFrom] ?? before)
}

/** A speed that is older says nothing of now. */
const newestMs = 8_000
/** Where the device measures none, it is that of the way so long back. */
const backMs = 5_000

/** @returns metres per second; null where it is not known. */
export function speedNow(
  { odometer: { through }, positions }: Pick<RideQueue, 'odometer' | 'positions'>,
  nowMs: number,
): number | null {
  const end = positions.length - 1
  const last = positions[end]
  if (last === undefined || Math.abs(nowMs - last.at) > newestMs) return null
  if (last.speed !== undefined) return last.speed
  let start = end
  while (start > 0 && last.at - (positions[start]?.at ?? 0) < backMs) start -= 1
  const first = positions[start]
  if (first === undefined || last.at - first.at < 1_000 || last.at - first.at > 3 * backMs) return null
  return (((through[end] ?? 0) - (through[start] ?? 0)) * 1_000) / (last.at - first.at)
}
