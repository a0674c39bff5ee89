import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../web/map/engine.ts'
import type { Place } from '../../../web/map/glide.ts'
import { createTrail } from '../../../web/map/trail.ts'

function trailWith(lines: Place[][]) {
  const settled: Place[][][] = []
  const engine: Pick<Engine, 'setLine'> = {
    setLine: (_name, drawn) => settled.push(drawn.map((line) => [...line])),
  }
  const trail = createTrail(engine)
  trail.set('ride', lines)
  return { trail, settled }
}

const at = (index: number): Place => [7, index]

describe('the trail', () => {
  it('ends at the marker: settled line and tail together are every point it reached', () => {
    const line = [at(0), at(1), at(2), at(3)]
    const { trail, settled } = trailWith([line])
    expect(trail.tail('ride', [7, 1.5], 2, 0)).toEqual([at(1), [7, 1.5]])
    expect(settled).toEqual([[[at(0), at(1)]]])
    expect(trail.tail('ride', [7, 3], 0, 100)).toEqual([at(1), at(2), at(3), [7, 3]])
    expect(settled.length).toBe(1)
  })

  it('settles what grew, but not with every frame', () => {
    const line = [at(0), at(1)]
    const { trail, settled } = trailWith([line])
    trail.tail('ride', at(1), 0, 0)
    line.push(at(2))
    trail.tail('ride', at(2), 0, 400)
    expect(settled.length).toBe(1)
    trail.tail('ride', at(2), 0, 600)
    expect(settled.at(-1)).toEqual([[at(0), at(1), at(2)]])
  })

  it('is not drawn across a pause', () => {
    const lines = [[at(0), at(1)]]
    const { trail } = trailWith(lines)
    trail.tail('ride', at(1), 0, 0)
    lines.push([at(50)])
    expect(trail.tail('ride', at(50), 0, 100)).toEqual([at(50), at(50)])
  })

  it('goes when the ride has none any more, and other rides never had one', () => {
    const { trail, settled } = trailWith([[at(0), at(1)]])
    expect(trail.tail('other', at(9), 0, 0)).toEqual([])
    trail.set(null, [])
    expect(settled.at(-1)).toEqual([[]])
    expect(trail.pointCount()).toBe(0)
  })
})
