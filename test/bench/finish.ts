/** RideEnded answered → FINISHED seen. */
import { finishTimes } from './finish-times.ts'
import type { Means } from './measurement.ts'
import { quantile } from './quantile.ts'
import { quiet } from './requests.ts'
import type { Figures } from './rounds.ts'
import { startService } from './service.ts'

/** As often as a phone uploads. */
const uploadSeconds = 10

/** `finish.1h|10h . p50|p99|most` in milliseconds, with the worker in a process of its own, and `finish.all.1h.p50`. */
export async function measureFinish({ postgres, rounds, quick, say }: Means): Promise<Figures> {
  const lengths = [
    { hours: 1, rides: quick ? 5 : 10 * rounds },
    { hours: 10, rides: quick ? 1 : 2 + rounds },
  ]
  const figures: Record<string, number> = {}
  for (const roles of [['api', 'worker'], ['all']] as const) {
    await using service = await startService(postgres, roles)
    // The first one meets cold plans and code that is not compiled yet.
    await finishTimes(service.url, { hours: 1, rides: 1, uploadSeconds })
    for (const { hours, rides } of roles.length === 1 ? lengths.slice(0, 1) : lengths) {
      say(`${rides} rides of ${hours} h, ROLE=${roles.join(' and ROLE=')}`)
      const times = await finishTimes(service.url, { hours, rides, uploadSeconds })
      const name = roles.length === 1 ? `finish.all.${hours}h` : `finish.${hours}h`
      for (const [key, share] of [
        ['p50', 0.5],
        ['p99', 0.99],
        ['most', 1],
      ] as const) {
        figures[`${name}.${key}`] = quantile(times, share)
      }
    }
    await quiet(service.graphqlUrl)
  }
  return figures
}
