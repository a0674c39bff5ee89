/** What an append costs as its stream grows, and while somebody holds an old snapshot. */
import { randomUUID } from 'node:crypto'
import { appendTimes, commitInside, underSnapshot } from '../idle-snapshot.ts'
import type { Means } from '../measurement.ts'
import { openBenchLog } from '../open-log.ts'
import type { Plot } from '../plot.ts'
import { quantile } from '../quantile.ts'

export async function appendsByVersion({ postgres, quick, say }: Means): Promise<Plot> {
  const versions = quick ? [10, 1_000] : [10, 1_000, 10_000]
  const times = quick ? 200 : 500
  await using opened = await openBenchLog(await postgres.database())
  const streams = versions.map(() => randomUUID())
  for (const [index, version] of versions.entries()) {
    say(`a stream of ${version} events`)
    await commitInside(opened.url, [streams[index]!], version)
  }
  await appendTimes(opened.log, streams, 300)
  // One after the other: what the machine does meanwhile is the same for all.
  const all = await appendTimes(opened.log, streams, times * streams.length)
  const of = (index: number) => all.filter((_, number) => number % streams.length === index)
  const by = (share: number) =>
    versions.map((version, index) => [version, quantile(of(index), share)] as const)
  return {
    name: 'append-by-version',
    title: 'One append, by the version of its stream',
    x: { label: 'events in the stream', isLogarithmic: true },
    y: { label: 'milliseconds' },
    series: [
      { name: 'p50', points: by(0.5) },
      { name: 'p99', points: by(0.99) },
    ],
  }
}

export async function appendsUnderSnapshot({ postgres, quick, say }: Means): Promise<Plot> {
  const step = quick ? 2_000 : 5_000
  const times = quick ? 200 : 500
  await using opened = await openBenchLog(await postgres.database())
  const { url, log } = opened
  const [busy, aside] = [randomUUID(), randomUUID()]
  await commitInside(url, [busy, aside], 1_000)
  await appendTimes(log, [busy, aside], 300)
  const points: { busy: [number, number][]; aside: [number, number][] } = { busy: [], aside: [] }
  await underSnapshot(url, async () => {
    for (let commits = 0; commits <= 5 * step; commits += step) {
      say(`${commits} commits under an idle snapshot`)
      if (commits > 0) await commitInside(url, [busy], step)
      const all = await appendTimes(log, [busy, aside], 2 * times)
      const half = (from: number) =>
        quantile(
          all.filter((_, index) => index % 2 === from),
          0.5,
        )
      points.busy.push([commits, half(0)])
      points.aside.push([commits, half(1)])
    }
  })
  return {
    name: 'append-under-snapshot',
    title: 'One append while an idle transaction holds a snapshot',
    x: { label: 'commits under the snapshot' },
    y: { label: 'milliseconds, p50' },
    series: [
      { name: 'to the stream of these commits', points: points.busy },
      { name: 'to another', points: points.aside },
    ],
  }
}
