import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodePositions, encodePositions, roundPosition } from '#ride/encoding.ts'
import { newestFixIn } from '#ride/newest-fix.ts'
import { newestFix, type Position } from '#ride/position.ts'

/** Few times, so that some are equal and some uploads late; places that are none, that are doubted, or that are missing. */
const position: fc.Arbitrary<Position> = fc
  .record({
    at: fc.integer({ min: 0, max: 12 }).map((second) => Date.UTC(2026, 4, 31) + second * 1_000),
    place: fc.option(
      fc.record({
        latitude: fc.oneof(fc.constant(0), fc.double({ min: -90, max: 90, noNaN: true })),
        longitude: fc.oneof(fc.constant(0), fc.double({ min: -180, max: 180, noNaN: true })),
      }),
      { nil: undefined },
    ),
    accuracy: fc.option(fc.constantFrom(3, 50, 51), { nil: undefined }),
    heartRate: fc.option(fc.integer({ min: 40, max: 200 }), { nil: undefined }),
  })
  .map(({ place, ...rest }) => roundPosition({ ...rest, ...place }))

const upload = fc.array(position, { minLength: 1, maxLength: 10 })

test('the newest place of an upload as it is written is that of its positions', () => {
  fc.assert(
    fc.property(upload, upload, (earlier, positions) => {
      const before = newestFix(undefined, earlier)
      const columns = encodePositions(positions)
      const expected = newestFix(before ?? undefined, decodePositions(columns))
      expect(newestFixIn(before, columns)).toEqual(expected)
      expect(newestFixIn(null, columns)).toEqual(newestFix(undefined, decodePositions(columns)))
    }),
  )
})
