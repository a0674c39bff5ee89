/**
 * One chart of the stack, drawn by uPlot: its line, its axes, a cursor and a stretch that are set from outside. Its own handling of
 * the mouse is off: charts, map, playback and keyboard all move one moment (`moments.ts`).
 */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { rangeOf, ticksIn } from './chart-range.ts'
import { readColour } from './read-colour.ts'
import type { Stretch } from './stretch.ts'

export interface ChartOptions {
  readonly xs: readonly number[]
  readonly ys: readonly (number | null | undefined)[]
  /** Indexes before which the line breaks off. */
  readonly breaks: readonly number[]
  /** Names of custom properties. */
  readonly colour: string
  readonly isFilled: boolean
  /** Whether it says what it runs along: the lowest one does. */
  readonly hasAxis: boolean
  /** Of its height, in the units that are shown. */
  readonly leastSpan: number
  /** Free room above the line, for its name. */
  readonly above: number
  readonly formatX: (x: number) => string
  readonly formatY: (y: number) => string
  /** Where not uPlot's own. */
  readonly steps: readonly number[] | undefined
  readonly size: { readonly width: number; readonly height: number }
}

export interface Chart {
  setMoment(index: number | null): void
  setStretch(stretch: Stretch | null): void
  setSize(size: ChartOptions['size']): void
  /** The sample under a place of the window. */
  indexAt(clientX: number): number
  /** The theme is another. */
  recolour(): void
  destroy(): void
}

/** Of the axes beside and below, in pixels. */
const besides = 40
export const below = 26

export function createChart(place: HTMLElement, options: ChartOptions): Chart {
  const { xs, ys, hasAxis, leastSpan, steps, size } = options
  let colours = coloursOf(options.colour)
  const font = '11px system-ui, sans-serif'
  const axis = { font, stroke: () => colours.ink, ticks: { show: false } }
  const grid = { stroke: () => colours.line, width: 1 }
  const plot = new uPlot(
    {
      ...size,
      padding: [6 + options.above, 10, hasAxis ? 0 : 6, 0],
      legend: { show: false },
      scales: {
        x: { time: false, range: [xs[0] ?? 0, xs.at(-1) ?? 1] },
        y: {
          range: (_, least, most) => {
            const [low, high] = rangeOf(least, most, leastSpan)
            return [low, high]
          },
        },
      },
      series: [
        {},
        {
          stroke: () => colours.line1,
          width: 1.5,
          points: { show: false },
          ...(options.isFilled && { fill: () => colours.fill }),
          gaps: (self, _series, _from, _to, nulls) => [...nulls, ...gapsIn(self, options)].sort(byStart),
        },
      ],
      axes: [
        {
          ...axis,
          show: hasAxis,
          size: below,
          gap: 4,
          grid,
          values: (_, ticks) => ticks.map(options.formatX),
          ...(steps !== undefined && { incrs: [...steps] }),
        },
        {
          ...axis,
          size: besides,
          gap: 4,
          grid,
          splits: (_, __, least, most) => ticksIn([least, most]),
          values: (_, ticks) => ticks.map(options.formatY),
        },
      ],
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        bind: {
          mousedown: none,
          mouseup: none,
          click: none,
          dblclick: none,
          mousemove: none,
          mouseleave: none,
          mouseenter: none,
        },
        points: { size: 7, fill: () => colours.line1, stroke: () => colours.line1 },
      },
    },
    [[...xs], [...ys]],
    place,
  )

  return {
    setMoment(index) {
      const x = index === null ? undefined : xs[index]
      plot.setCursor(
        { left: x === undefined ? -10 : plot.valToPos(x, 'x'), top: x === undefined ? -10 : 0 },
        false,
      )
    },
    setStretch(stretch) {
      const [from, to] = [xs[stretch?.from ?? -1], xs[stretch?.to ?? -1]]
      if (from === undefined || to === undefined) {
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        return
      }
      const left = plot.valToPos(from, 'x')
      const height = plot.over.clientHeight
      plot.setSelect({ left, top: 0, width: Math.max(1, plot.valToPos(to, 'x') - left), height }, false)
    },
    setSize: (next) => plot.setSize(next),
    indexAt: (clientX) => plot.posToIdx(clientX - plot.over.getBoundingClientRect().left),
    recolour() {
      colours = coloursOf(options.colour)
      plot.redraw(false)
    },
    destroy: () => plot.destroy(),
  }
}

const none = () => null

type Gap = [from: number, to: number]

function byStart(one: Gap, other: Gap): number {
  return one[0] - other[0]
}

/** In pixels of the canvas. */
function gapsIn(plot: uPlot, { xs, breaks }: ChartOptions): Gap[] {
  return breaks.flatMap((index): Gap[] => {
    const [from, to] = [xs[index - 1], xs[index]]
    if (from === undefined || to === undefined) return []
    const pixels: Gap = [Math.round(plot.valToPos(from, 'x', true)), Math.round(plot.valToPos(to, 'x', true))]
    return pixels[1] > pixels[0] ? [pixels] : []
  })
}

function coloursOf(name: string) {
  const line1 = readColour(name)
  return {
    line1,
    fill: line1.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.16)'),
    ink: readColour('--ink-soft'),
    line: readColour('--line'),
  }
}
