import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Place } from '../../../web/map/glide.ts'
import { colouredLines, gapLines } from '../../../web/map/shown-route.ts'

const at = (index: number): Place => [index, 0]

describe('a route in colours', () => {
  it('is a line for each run of legs of one colour, and the runs meet', () => {
    const lines = [[at(0), at(1), at(2), at(3), at(4)]]
    const colours = [['#f00', '#f00', '#0f0', '#f00']]
    expect(colouredLines({ lines, colours })).toEqual([
      { places: [at(0), at(1), at(2)], colour: '#f00' },
      { places: [at(2), at(3)], colour: '#0f0' },
      { places: [at(3), at(4)], colour: '#f00' },
    ])
  })

  it('has every leg once, in its own colour', () => {
    const route = fc.array(fc.constantFrom('#f00', '#0f0', '#00f'), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(route, (colours) => {
        const places = Array.from({ length: colours.length + 1 }, (_, index) => at(index))
        const legs = colouredLines({ lines: [places], colours: [colours] }).flatMap((run) =>
          run.places.slice(1).map(() => run.colour),
        )
        expect(legs).toEqual(colours)
      }),
    )
  })

  it('is in the colour of routes where it has none', () => {
    expect(colouredLines({ lines: [[at(0), at(1)]] })).toEqual([{ places: [at(0), at(1)] }])
  })
})

it('what was not ridden between two stretches is a gap, from the end of one to the start of the next', () => {
  expect(gapLines([[at(0), at(1)], [], [at(5), at(6)], [at(9)]])).toEqual([
    { places: [at(1), at(5)] },
    { places: [at(6), at(9)] },
  ])
  expect(gapLines([[at(0), at(1)]])).toEqual([])
})
