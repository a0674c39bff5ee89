import { describe, expect, it } from 'vitest'
import { thinMarks } from '../../../web/map/marks.ts'

const along = (count: number, apartPx: number) =>
  Array.from({ length: count }, (_, index) => ({ x: (index + 1) * apartPx, y: 0, label: String(index + 1) }))
const labels = (marks: readonly { label: string }[]) => marks.map(({ label }) => label)

describe('the marks of a route', () => {
  it('are all shown where there is room', () => {
    expect(labels(thinMarks(along(3, 60)))).toEqual(['1', '2', '3'])
  })

  it('are every second, fifth or tenth where there is less', () => {
    expect(labels(thinMarks(along(10, 30)))).toEqual(['2', '4', '6', '8', '10'])
    expect(labels(thinMarks(along(20, 12)))).toEqual(['5', '10', '15', '20'])
    expect(labels(thinMarks(along(40, 6)))).toEqual(['10', '20', '30', '40'])
  })

  it('never lie on each other where a route comes back', () => {
    const out = along(5, 80)
    const back = out.toReversed().map(({ x }, index) => ({ x: x + 3, y: 4, label: String(index + 6) }))
    expect(labels(thinMarks([...out, ...back]))).toEqual(['1', '2', '3', '4', '5'])
  })

  it('are none on a route that is a point on the screen', () => {
    expect(thinMarks(along(30, 0)).length).toBeLessThanOrEqual(1)
    expect(thinMarks([])).toEqual([])
  })
})
