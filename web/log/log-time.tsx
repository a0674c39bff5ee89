/** A moment by the clock of whoever looks; pointed at, it says it with its day, its milliseconds and in UTC. */
import { fullTimeOf, timeOf } from './log-words.ts'

/** @param now milliseconds since 1970: of today the time of day is enough. Left out, the day is said always. */
export function LogTime({ instant, now }: { instant: string; now?: number }) {
  return (
    <time dateTime={instant} title={instant}>
      {now === undefined ? fullTimeOf(instant) : timeOf(instant, now)}
    </time>
  )
}
