/** How cost grows: a plot each. */
import type { Means } from '../measurement.ts'
import type { Plot } from '../plot.ts'
import { appendsByVersion, appendsUnderSnapshot } from './appends.ts'
import { historyByRides } from './history.ts'
import { joinsByDistance } from './joins.ts'
import { memoryBySubscriptions } from './subscriptions.ts'

export async function measureGrowth(means: Means): Promise<Plot[]> {
  const plots: Plot[] = []
  for (const measure of [
    appendsByVersion,
    appendsUnderSnapshot,
    joinsByDistance,
    memoryBySubscriptions,
    historyByRides,
  ]) {
    plots.push(await measure(means))
  }
  return plots
}

/** A line a series: its figures from left to right. */
export function describePlot({ title, x, y, series }: Plot): string {
  const lines = series.map(({ name, points }) => {
    const values = points.map(([at, value]) => `${at.toLocaleString('en')}: ${value.toFixed(2)}`)
    return `  ${name}: ${values.join(', ')}`
  })
  return [`${title} (${y.label} by ${x.label})`, ...lines].join('\n')
}
