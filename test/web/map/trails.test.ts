import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../web/map/engine.ts'
import type { Place } from '../../../web/map/glide.ts'
import { createTrails } from '../../../web/map/trails.ts'

function trailsWith(lines: Place[][]) {
  const settled: Place[][][] = []
  const engine: Pick<Engine, 'setLines'> = {
    setLines: (_name, drawn) => settled.push(drawn.map(({ places }) => [...places])),
  }
  const trails = createTrails(engine)
  trails.set(new Map([['ride', lines]]))
  return { trails, settled }
}

const at = (index: number): Place => [7, index]

describe('trails', () => {
  it('end at the marker: settled line and tail together are every point it reached', () => {
    const line = [at(0), at(1), at(2), at(3)]
    const { trails, settled } = trailsWith([line])
    expect(trails.tail('ride', [7, 1.5], 2)).toEqual([at(0), at(1), [7, 1.5]])
    trails.settle(0)
    expect(settled).toEqual([[[at(0), at(1)]]])
    expect(trails.tail('ride', [7, 3], 0)).toEqual([...line, [7, 3]])
    trails.settle(100)
    expect(settled.length).toBe(1)
  })

  it('are settled as they grow, but not with every frame', () => {
    const line = [at(0), at(1)]
    const { trails, settled } = trailsWith([line])
    trails.tail('ride', at(1), 0)
    trails.settle(0)
    line.push(at(2))
    trails.tail('ride', at(2), 0)
    trails.settle(400)
    expect(settled.length).toBe(1)
    trails.settle(600)
    expect(settled.at(-1)).toEqual([[at(0), at(1), at(2)]])
  })

  it('have tails that reach back over what the library may not have drawn yet, and no further', () => {
    const line = [at(0), at(1), at(2)]
    const { trails } = trailsWith([line])
    trails.tail('ride', at(2), 0)
    trails.settle(0)
    line.push(at(3))
    trails.tail('ride', at(3), 0)
    trails.settle(600)
    expect(trails.tail('ride', at(3), 0)).toEqual([at(2), at(3), at(3)])
  })

  it('are not drawn across a pause', () => {
    const lines = [[at(0), at(1)]]
    const { trails } = trailsWith(lines)
    trails.tail('ride', at(1), 0)
    trails.settle(0)
    lines.push([at(50)])
    expect(trails.tail('ride', at(50), 0)).toEqual([at(50), at(50)])
  })

  it('go at once when they are not to be seen any more, and other rides never had one', () => {
    const { trails, settled } = trailsWith([[at(0), at(1)]])
    expect(trails.tail('other', at(9), 0)).toEqual([])
    trails.settle(0)
    trails.set(new Map())
    expect(settled.at(-1)).toEqual([])
    expect(trails.pointCount()).toBe(0)
  })

  it('of a ride without a marker are shown whole', () => {
    const { trails, settled } = trailsWith([[at(0), at(1)]])
    trails.settle(0)
    expect(settled).toEqual([[[at(0), at(1)]]])
  })
})
