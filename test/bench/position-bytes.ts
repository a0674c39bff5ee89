/** What a position takes in the log, with row and indexes. */
import { measureBytes } from './bytes.ts'
import type { Means } from './measurement.ts'
import { openBenchLog } from './open-log.ts'
import type { Figures } from './rounds.ts'

/** `bytes.position`: time, place, altitude, speed and accuracy, in uploads of 60; `bytes.positionWithSensors`. */
export async function measurePositionBytes({ postgres, say }: Means): Promise<Figures> {
  say('simulated rides in uploads of 60')
  await using opened = await openBenchLog(await postgres.database())
  const kinds = { fields: ['five', 'all'], uploadsOf: [60], compression: ['lz4'] } as const
  const [five, all] = await measureBytes(opened.work, kinds)
  return { 'bytes.position': five!.bytes, 'bytes.positionWithSensors': all!.bytes }
}
