/** What is said of how a rebuild ended, and what to do then. */
import type { ProjectionName } from '#projections/projection.ts'
import { counted } from './columns.ts'
import type { RebuildEnd } from './rebuild.ts'

/** `took`: how long, in words. */
export function endText(name: ProjectionName, end: RebuildEnd, took: string): string {
  const version = `${name} ${end.version}`
  switch (end.outcome) {
    case 'whole': {
      const parked =
        end.parkedRides === 0
          ? ''
          : `\n${counted(end.parkedRides, 'ride')} parked in it, as before. See: npm run projections -- parked`
      return `${version} is served: ${counted(end.events, 'event')}, ${took}. A worker drops the version before it after ten minutes.${parked}`
    }
    case 'parked':
      return `${version} is whole but for ${counted(end.rides, 'ride')}, parked in it alone. The version before it goes on being read.
See which, and why: npm run projections -- parked
Retry or skip them: a running worker serves the new version then, or the same command once more.
Or drop it: npm run projections -- cancel ${name}`
    case 'dropped':
      return `${version} is no longer there: somebody cancelled the rebuild. The version before it goes on being read.`
    case 'stopped':
      if (end.isServed)
        return `Stopped. ${version} is served already; workers, where any run, bring it to the end of the log.`
      return `Stopped. Workers, where any run, go on building ${version}; the same command joins again.
Drop it: npm run projections -- cancel ${name}`
    default:
      return end satisfies never
  }
}
