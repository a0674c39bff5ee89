/** All read tables made anew from the log, as `npm run projections -- rebuild` does it. */
import { statement } from '../support/statement.ts'
import { type FilledLog, fillWithRides } from './filled-log.ts'
import type { Means } from './measurement.ts'
import { outputOf } from './processes.ts'
import type { Figures } from './rounds.ts'

const root = new URL('../../', import.meta.url)
const projections = ['rides', 'routes']

/** `rebuild.positionsPerSecond`: from the start of the command to its end, when the new tables are served. */
export async function measureRebuild({ postgres, quick, say }: Means): Promise<Figures> {
  const filled = await filledDatabase(await postgres.database(), quick ? 100 : 600, say)
  say(`making the read tables of ${filled.positions} positions anew`)
  const seconds = await rebuild(filled.databaseUrl)
  return { 'rebuild.positionsPerSecond': filled.positions / seconds, 'rebuild.positions': filled.positions }
}

export async function filledDatabase(
  databaseUrl: string,
  rides: number,
  say: (text: string) => void,
): Promise<FilledLog> {
  say(`filling a log with ${rides} rides of an hour`)
  const filled = await fillWithRides(databaseUrl, rides)
  await statement(databaseUrl, 'vacuum analyze')
  return filled
}

/** Seconds until both are served. They are made side by side, in a process each. */
export async function rebuild(databaseUrl: string): Promise<number> {
  const began = performance.now()
  await Promise.all(
    projections.map((name) =>
      outputOf(['src/cli/projections.ts', 'rebuild', name], {
        directory: root,
        env: { DATABASE_URL: databaseUrl },
      }),
    ),
  )
  return (performance.now() - began) / 1_000
}
