/**
 * The charts of a ride, one a channel, over one axis. Fetched when they are first shown, with uPlot.
 *
 * A pointer moves the moment; dragging picks a stretch, on a touch screen where that was asked for (there a finger moves the
 * moment). By keyboard the whole stack is one slider: arrows move, with shift they pick.
 */
import { useEffect, useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import { formatDuration } from '../rides/format.ts'
import { useFormats } from '../rides/use-formats.ts'
import { useCell } from '../state/use-cell.ts'
import { below, type Chart, createChart } from './chart.ts'
import { type Axis, axisOf, breaksIn, timeSteps, unitsIn, withoutShortSilences } from './chart-data.ts'
import { ChartSlider } from './chart-slider.tsx'
import type { Moments } from './moments.ts'
import { measuredWords, quantityOf } from './quantities.ts'
import { type Measured, measuredIn, type Samples } from './samples.ts'
import { useChartDrag } from './use-chart-drag.ts'

const colours: Readonly<Record<Measured, string>> = {
  altitude: '--chart-elevation',
  speed: '--chart-speed',
  heartRate: '--chart-heart-rate',
  power: '--chart-power',
  cadence: '--chart-cadence',
}

/** In units that are shown: what changes by less looks flat. */
const leastSpans: Readonly<Record<Measured, number>> = {
  altitude: 20,
  speed: 10,
  heartRate: 20,
  power: 50,
  cadence: 20,
}

/** Of each, in pixels, without the axis that the lowest one has: all of them are in sight, as high as there is room for. */
const lowest = 44
const highest = 150
/** On a phone, where the place is as high as its charts are. */
const inThePage = 84

/** Names stand beside the charts where there is width, else above the lines. */
const wide = 600
const beside = 92
const above = 16

function layoutIn(place: HTMLElement | null, count: number) {
  const isBeside = place !== null && place.clientWidth >= wide
  const isFixed = place !== null && getComputedStyle(place).overflowY === 'auto'
  const share = Math.floor(((place?.clientHeight ?? 0) - below) / count)
  const least = isBeside ? lowest : lowest + above
  return {
    isBeside,
    height: isFixed ? Math.min(highest, Math.max(least, share)) : inThePage,
    width: (place?.clientWidth ?? 0) - (isBeside ? beside : 0),
  }
}
export function Charts({
  samples,
  axis,
  moments,
  isPicking,
}: {
  samples: Samples
  axis: Axis
  moments: Moments
  /** A finger that is drawn over the charts picks a stretch. */
  isPicking: boolean
}) {
  const formats = useFormats()
  const theme = useCell(useApp().themes.shown)
  const place = useRef<HTMLDivElement>(null)
  const charts = useRef<readonly Chart[]>([])
  const names = measuredIn(samples)
  /** Null until it is known how wide they are. */
  const [isBeside, setBeside] = useState<boolean | null>(null)

  useEffect(() => {
    const stack = place.current
    if (stack === null) return
    const xs = axisOf(samples, axis, formats.units)
    const shown = measuredIn(samples)
    const plots = [...stack.querySelectorAll<HTMLElement>('.chart-plot')]
    const layout = () => layoutIn(stack.parentElement, shown.length)
    const sizeOf = (index: number) => {
      const { width, height } = layout()
      return { width, height: height + (index === shown.length - 1 ? below : 0) }
    }
    setBeside(layout().isBeside)
    if (isBeside === null) return
    const created = shown.flatMap((name, index) => {
      const plot = plots[index]
      if (plot === undefined) return []
      const factor = unitsIn(name, formats.units)
      return createChart(plot, {
        xs,
        ys: withoutShortSilences(samples[name], samples).map((value) => value && value * factor),
        breaks: breaksIn(samples),
        colour: colours[name],
        isFilled: name === 'altitude',
        hasAxis: index === shown.length - 1,
        leastSpan: leastSpans[name],
        above: isBeside ? 0 : above,
        formatX: axis === 'time' ? formatDuration : (x) => String(Math.round(x * 100) / 100),
        formatY: (y) => String(Math.round(y)),
        steps: axis === 'time' ? timeSteps : undefined,
        size: sizeOf(index),
      })
    })
    charts.current = created
    const move = () => {
      const index = moments.moment.get()?.index ?? null
      for (const chart of created) chart.setMoment(index)
    }
    const pick = () => {
      const stretch = moments.glanced.get() ?? moments.stretch.get()
      for (const chart of created) chart.setStretch(stretch)
    }
    const all = () => {
      move()
      pick()
    }
    const sizes = new ResizeObserver(() => {
      setBeside(layout().isBeside)
      for (const [index, chart] of created.entries()) chart.setSize(sizeOf(index))
      all()
    })
    sizes.observe(stack)
    // uPlot draws at the end of the task.
    queueMicrotask(all)
    const endings = [
      moments.moment.subscribe(move),
      moments.stretch.subscribe(pick),
      moments.glanced.subscribe(pick),
    ]
    return () => {
      sizes.disconnect()
      for (const end of endings) end()
      for (const chart of created) chart.destroy()
      charts.current = []
    }
  }, [samples, axis, formats, moments, isBeside])

  useEffect(() => {
    for (const chart of charts.current) chart.recolour()
  }, [theme])

  const drag = useChartDrag(charts, { samples, moments, isPicking })
  return (
    <ChartSlider samples={samples} moments={moments}>
      <div
        className="chart-stack"
        data-picking={isPicking}
        data-names={isBeside === true ? 'beside' : 'above'}
        ref={place}
        {...drag}
      >
        {names.map((name) => (
          <div key={name} className="chart" data-chart={name}>
            <p className="chart-name">
              {measuredWords[name]} <span className="soft">{quantityOf(name, null, formats).unit}</span>
            </p>
            <div className="chart-plot" />
          </div>
        ))}
      </div>
    </ChartSlider>
  )
}
