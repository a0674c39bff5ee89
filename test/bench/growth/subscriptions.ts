/** Resident memory of idle subscriptions and of as many bare sockets. */
import type { Means } from '../measurement.ts'
import { weighSockets, weighSubscriptions } from '../memory.ts'
import type { Plot } from '../plot.ts'

export async function memoryBySubscriptions({ postgres, quick, say }: Means): Promise<Plot> {
  const counts = quick ? [500, 1_000] : [1_000, 5_000, 10_000]
  const points = (weights: readonly number[]) => [
    [0, 0] as const,
    ...counts.map((count, index) => [count, weights[index]! / 2 ** 20] as const),
  ]
  say(`${counts.at(-1)} idle subscriptions`)
  const subscriptions = points(await weighSubscriptions(postgres, counts))
  say(`${counts.at(-1)} bare sockets`)
  const sockets = points(await weighSockets(counts))
  return {
    name: 'memory-by-subscriptions',
    title: 'Resident memory of idle subscriptions, beyond that of none',
    x: { label: 'sockets' },
    y: { label: 'MiB' },
    series: [
      { name: 'subscriptions', points: subscriptions },
      { name: 'bare ws', points: sockets },
    ],
  }
}
