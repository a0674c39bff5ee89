/** What must hold of a marker whatever comes in and whenever one looks: it is where its rider was, or on the way between two such places. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { metresBetween } from '../../../web/map/geodesy.ts'
import { glideAt, type Place } from '../../../web/map/glide.ts'
import { type Moving, move } from '../../../web/map/moving-ride.ts'

const step = fc.tuple(
  fc.double({ min: -40, max: 40, noNaN: true }),
  fc.double({ min: -40, max: 40, noNaN: true }),
)
const report = fc.record({
  afterMs: fc.integer({ min: 1, max: 15_000 }),
  steps: fc.array(step, { minLength: 0, maxLength: 5 }),
  isSetDown: fc.boolean(),
  looksAfterMs: fc.array(fc.integer({ min: 0, max: 15_000 }), { maxLength: 4 }),
})

/** A ride that is reported so, looked at now and then; `look` is told of everything that had been reported by then. */
function play(
  reports: readonly {
    afterMs: number
    steps: readonly (readonly [number, number])[]
    isSetDown: boolean
    looksAfterMs: readonly number[]
  }[],
  look: (place: Place, reported: readonly Place[], isStill: boolean) => void,
): void {
  let nowMs = 0
  let here: Place = [7, 46]
  const reported: Place[] = [here]
  const ride = { rideId: 'ride', status: 'active', label: null, heading: null } as const
  let moving: Moving = move(
    undefined,
    { ...ride, version: 1, place: here, through: [], isSetDown: false },
    0,
    false,
  )
  reports.forEach(({ afterMs, steps, isSetDown, looksAfterMs }, index) => {
    nowMs += afterMs
    const through = steps.map(([east, north]): Place => {
      here = [here[0] + east / 76_000, here[1] + north / 111_195]
      reported.push(here)
      return here
    })
    moving = move(moving, { ...ride, version: index + 2, place: here, through, isSetDown }, nowMs, false)
    // In the order of time, and not beyond the next report.
    const untilMs = reports[index + 1]?.afterMs ?? Number.POSITIVE_INFINITY
    for (const later of [...looksAfterMs].sort((a, b) => a - b)) {
      if (later > untilMs) break
      const { place, isDone } = glideAt(moving.glide, nowMs + later)
      look([...place], reported, isDone)
    }
  })
}

it('a marker is always on the way that was reported', () => {
  fc.assert(
    fc.property(fc.array(report, { minLength: 1, maxLength: 8 }), (reports) => {
      play(reports, (place, reported) => {
        const offMetres = Math.min(
          ...reported.map((to, index) => metresOff(place, reported[index - 1] ?? to, to)),
        )
        expect(offMetres).toBeLessThan(0.5)
      })
    }),
    { numRuns: 300 },
  )
})

it('never runs ahead of the last fix: once it is there it stands, however long nothing more comes', () => {
  fc.assert(
    fc.property(fc.array(report, { minLength: 1, maxLength: 8 }), (reports) => {
      play(reports, (place, reported, isStill) => {
        if (isStill) expect(metresBetween(place, reported.at(-1) ?? [0, 0])).toBeLessThan(0.01)
      })
      const silent = reports.map((one, index) =>
        index === reports.length - 1 ? { ...one, looksAfterMs: [20_000, 3_600_000] } : one,
      )
      let last: Place | null = null
      play(silent, (place, reported, isStill) => {
        last = isStill ? place : last
        if (place === last) expect(metresBetween(place, reported.at(-1) ?? [0, 0])).toBeLessThan(0.01)
      })
    }),
    { numRuns: 200 },
  )
})

it('never goes back on its way', () => {
  const straight = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 1, max: 9_000 }),
      steps: fc.array(fc.tuple(fc.constant(0), fc.double({ min: 0.1, max: 40, noNaN: true })), {
        maxLength: 5,
      }),
      isSetDown: fc.constant(false),
      looksAfterMs: fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(straight, (reports) => {
      let before = 46
      play(reports, ([, latitude]) => {
        expect(latitude).toBeGreaterThanOrEqual(before - 1e-9)
        before = latitude
      })
    }),
    { numRuns: 200 },
  )
})

/** From a place to the nearest point of a leg, on the plane about it. */
function metresOff(place: Place, from: Place, to: Place): number {
  const flat = ([x, y]: Place): [number, number] => [(x - 7) * 76_000, (y - 46) * 111_195]
  const [[px, py], [ax, ay], [bx, by]] = [flat(place), flat(from), flat(to)]
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length))
  return Math.hypot(px - ax - share * dx, py - ay - share * dy)
}
