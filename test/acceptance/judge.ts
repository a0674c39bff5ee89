/**
 * What the service made of a recording, held against what its device says. Metres and seconds throughout.
 *
 * A device's distance may be that of a wheel whose circumference its rider has set, and its ascent is the sum of
 * whatever its altimeter showed, trembling included: hence two tolerances for the one and two sums for the other.
 */
import type { Total, Totals } from '#recordings/totals/totals.ts'

export interface Reason {
  readonly reason: string
  readonly count: number
}

/** What the service shows of a ride. */
export interface Shown {
  readonly distance: number
  readonly timer: number
  readonly elapsed: number
  readonly moving: number
  readonly gain: number | null
  readonly positions: number
  /** What of the file the import did not take. */
  readonly leftOut: readonly Reason[]
  /** What of the positions is not in the route. */
  readonly excluded: readonly Reason[]
}

/** What the recording holds, by its samples. */
export interface Held {
  readonly samples: number
  readonly fixes: number
  /** How often the timer ran; more than once where the device, or its rider, paused. */
  readonly stretches: number
  /** Seconds of the timer in which its sensor said speed 0. */
  readonly standing: number
  /** The rise of its altitudes where each step is at least 2 m; undefined without altitudes. */
  readonly rise: number | undefined
}

export type Verdict = 'holds' | 'fails' | 'not judged'

/** A line of the table. */
export interface Line {
  readonly measure: string
  readonly shown: number | null
  readonly device: number | undefined
  /** Of the device's value, in per cent; undefined where there is nothing to compare. */
  readonly difference: number | undefined
  readonly verdict: Verdict
  readonly note: string
}

export function judge(shown: Shown, totals: Totals | undefined, held: Held): readonly Line[] {
  const { wheel, timer } = totals ?? {}
  return [
    {
      ...compared('positions', shown.positions, held.fixes),
      difference: undefined,
      verdict: 'not judged',
      note: positionsNote(shown, held),
    },
    within(
      { measure: 'distance', shown: shown.distance, total: totals?.distance },
      wheel === undefined
        ? { percent: 0.5, note: '±0.5 %: nothing says that a wheel measured' }
        : { percent: 1, note: `±1 %: ${wheel}` },
    ),
    within({ measure: 'timer', shown: shown.timer, total: timer }, { percent: 1, note: '±1 %' }),
    elapsed(shown.elapsed, totals?.elapsed),
    moving(shown.moving, timer, held),
    ...gain(shown.gain, totals, held.rise),
  ]
}

export function holds(lines: readonly Line[]): boolean {
  return lines.every(({ verdict }) => verdict !== 'fails')
}

interface Measured {
  readonly measure: string
  readonly shown: number | null
  readonly total: Total | undefined
}

interface Tolerance {
  readonly percent: number
  readonly note: string
}

function within({ measure, shown, total }: Measured, { percent, note }: Tolerance): Line {
  const line = compared(measure, shown, total?.value)
  if (total === undefined) return { ...line, verdict: 'not judged', note: 'the file has no total' }
  if (!(total.value > 0)) return { ...line, verdict: 'not judged', note: 'the device says nothing' }
  return { ...line, verdict: verdictOf(isClose(line, percent)), note: `${note}${saidBy(total)}` }
}

/** Half a second on either side is what devices round away. */
function elapsed(shown: number, total: Total | undefined): Line {
  const line = compared('elapsed', shown, total?.value)
  if (total === undefined) return { ...line, verdict: 'not judged', note: 'the file has no total' }
  const isExact = Math.abs(shown - total.value) <= 0.5
  return { ...line, verdict: verdictOf(isExact), note: `to the second${saidBy(total)}` }
}

/** Of its timer, in which a device that pauses by itself stands at most: it takes some seconds to notice each stop. */
const mostStanding = 0.01

/** A device that never paused, or not by itself, has let its timer run at stops. */
function moving(shown: number, timer: Total | undefined, { stretches, standing }: Held): Line {
  const stood = Math.round(standing)
  const isPausing = stretches > 1 && (timer === undefined || standing <= mostStanding * timer.value)
  if (isPausing) {
    const note = `±1 % of its timer (pauses: ${stretches - 1}, seconds at speed 0: ${stood})`
    return within({ measure: 'moving', shown, total: timer }, { percent: 1, note })
  }
  const ran =
    stretches > 1 ? `no auto-pause: its timer ran while it stood for ${stood} s` : 'its timer never paused'
  const note = timer === undefined ? 'the file has no total' : ran
  return { ...compared('moving', shown, timer?.value), verdict: 'not judged', note }
}

function gain(shown: number | null, totals: Totals | undefined, rise: number | undefined): Line[] {
  const byDevice = compared('gain', shown, totals?.ascent?.value)
  const bySteps = compared('gain by steps', shown, rise)
  const isJudged = totals?.ascent !== undefined || totals?.isBarometric === true
  const isEither = isClose(byDevice, 5) || isClose(bySteps, 5)
  return [
    {
      ...byDevice,
      verdict: isJudged ? verdictOf(isEither) : 'not judged',
      note: isJudged ? '±5 % of this or of the next' : 'nothing says that a barometer measured',
    },
    { ...bySteps, verdict: 'not judged', note: 'the other sum: the altitudes in the file' },
  ]
}

function compared(measure: string, shown: number | null, device: number | undefined) {
  const isComparable = shown !== null && device !== undefined && device > 0
  return { measure, shown, device, difference: isComparable ? (shown / device - 1) * 100 : undefined }
}

function isClose({ shown, device, difference }: ReturnType<typeof compared>, percent: number): boolean {
  // A ride on the flat: there is no share of nothing.
  if (device === 0) return shown === 0
  return difference !== undefined && Math.abs(difference) <= percent
}

function verdictOf(isKept: boolean): Verdict {
  return isKept ? 'holds' : 'fails'
}

function saidBy({ by }: Total): string {
  return by === 'points' ? ', by its points' : ''
}

function positionsNote({ excluded, leftOut }: Shown, { samples, fixes }: Held): string {
  const blind = samples - fixes
  return [
    excluded.length === 0 ? 'none excluded' : `excluded: ${counted(excluded)}`,
    ...(leftOut.length === 0 ? [] : [`left out: ${counted(leftOut)}`]),
    ...(blind === 0 ? [] : [`${blind} without a fix`]),
  ].join('; ')
}

function counted(reasons: readonly Reason[]): string {
  return reasons.map(({ reason, count }) => `${count} ${reason}`).join(', ')
}
