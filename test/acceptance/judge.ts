/**
 * What the service made of a recording, held against what its device says. Metres and seconds throughout.
 *
 * A device's distance may be that of a wheel whose circumference its rider has set: hence two tolerances. Its ascent is
 * a sum of what its altimeter showed by a rule that no maker tells, so that of the climb the altitudes themselves are judge.
 */
import type { Total, Totals } from '#recordings/totals/totals.ts'
import type { Rise } from './rise.ts'

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
  /** Those with a place. */
  readonly positions: number
  /** As many of these as a line goes through: one that is alone between two pauses has none. */
  readonly drawn: number
  /** What of the file the import did not take; undefined where it does not say, for the ride was there before. */
  readonly leftOut: readonly Reason[] | undefined
  /** What of the positions is not in the route. */
  readonly excluded: readonly Reason[]
}

/** What the recording holds, by its samples. */
export interface Held {
  /** Points of the file without a time that can be. */
  readonly notRead: number
  readonly samples: number
  readonly fixes: number
  /** How often the timer ran; more than once where the device, or its rider, paused. */
  readonly stretches: number
  /** Seconds of the timer in which its sensor said speed 0. */
  readonly standing: number
  /** Samples without a fix that may be among those excluded. */
  readonly blindApart: number
  /** Of its altitudes, in steps of at least 2 m. */
  readonly rise: Rise
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
    positions(shown, held),
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

/** Metres: what a flat ride may differ by, whose twentieth part is nothing. */
const leastGain = 5

/**
 * Whether the altitude went on in a pause, or was set anew, nothing in the file says: what holds against either reading of it
 * holds.
 */
function gain(shown: number | null, totals: Totals | undefined, { whole, ridden }: Rise): Line[] {
  const isBarometric = totals?.ascent !== undefined || totals?.isBarometric === true
  const isJudged = isBarometric && whole !== undefined
  const whyNot = isBarometric ? 'the file has no altitudes' : 'nothing says that a barometer measured'
  const isByRidden = !isGained(shown, whole) && isGained(shown, ridden)
  const tolerance = `±5 % or ${leastGain} m of what the altitudes in the file climb`
  return [
    {
      ...compared('gain', shown, whole),
      verdict: isJudged && !isByRidden ? verdictOf(isGained(shown, whole)) : 'not judged',
      note: !isJudged
        ? whyNot
        : isByRidden
          ? 'with what changed in pauses: held against the next'
          : tolerance,
    },
    {
      ...compared('gain, ridden', shown, ridden),
      verdict: isJudged && isByRidden ? 'holds' : 'not judged',
      note:
        isJudged && isByRidden
          ? `${tolerance} while the timer ran`
          : 'the same without what changed in pauses',
    },
    {
      ...compared('gain by device', shown, totals?.ascent?.value),
      verdict: 'not judged',
      note: "the device's own sum, by a rule of its own",
    },
  ]
}

function isGained(shown: number | null, rise: number | undefined): boolean {
  if (shown === null || rise === undefined) return false
  return Math.abs(shown - rise) <= Math.max(leastGain, 0.05 * rise)
}

/** Every fix of the file is in the ride, or it is said why not. */
function positions({ positions: inRide, drawn, excluded, leftOut }: Shown, held: Held): Line {
  const { samples, fixes, notRead, blindApart } = held
  const blind = samples - fixes
  const note = [
    excluded.length === 0 ? 'none excluded' : `excluded: ${counted(excluded)}`,
    ...(leftOut === undefined || leftOut.length === 0 ? [] : [`left out: ${counted(leftOut)}`]),
    ...(blind === 0 ? [] : [`${blind} without a fix`]),
    ...(drawn === inRide ? [] : [`${inRide - drawn} alone, with no line through it`]),
  ].join('; ')
  const line = { ...compared('positions', inRide, fixes + notRead), difference: undefined }
  if (leftOut === undefined) return { ...line, verdict: 'not judged', note: `${note}; imported before` }
  const unsaid = fixes + notRead - inRide - sumOf(excluded) - sumOf(leftOut)
  if (unsaid > 0) return { ...line, verdict: 'fails', note: `${note}; unsaid: ${unsaid}` }
  // Of those without a fix only what is excluded is told.
  const isTooMany = -unsaid > blindApart
  return { ...line, verdict: verdictOf(!isTooMany), note: isTooMany ? `${note}; too many: ${-unsaid}` : note }
}

export function sumOf(reasons: readonly Reason[]): number {
  return reasons.reduce((sum, { count }) => sum + count, 0)
}

function compared(measure: string, shown: number | null, device: number | undefined) {
  const isComparable = shown !== null && device !== undefined && device > 0
  return { measure, shown, device, difference: isComparable ? (shown / device - 1) * 100 : undefined }
}

function isClose({ difference }: ReturnType<typeof compared>, percent: number): boolean {
  return difference !== undefined && Math.abs(difference) <= percent
}

function verdictOf(isKept: boolean): Verdict {
  return isKept ? 'holds' : 'fails'
}

function saidBy({ by }: Total): string {
  return by === 'points' ? ', by its points' : ''
}

function counted(reasons: readonly Reason[]): string {
  return reasons.map(({ reason, count }) => `${count} ${reason}`).join(', ')
}
