/** Plots as SVG that stands by itself, in a light and a dark page. */

export interface Plot {
  /** The file's name without its ending. */
  readonly name: string
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
}

export interface Axis {
  readonly label: string
  /** Logarithmic where cost may grow over decades; 0 stands at its left end then. */
  readonly isLogarithmic?: boolean
}

export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

const [width, height] = [640, 336]
const area = { left: 64, right: 36, top: 72, bottom: 48 }
/** Told apart by people who do not see red, on white and on black. */
const colours = ['#0a7', '#d60', '#37c', '#a4a']

export function svgOf({ title, x, y, series }: Plot): string {
  const all = series.flatMap(({ points }) => points)
  const across = x.isLogarithmic === true ? logarithmic(all.map(([at]) => at)) : linear(all.map(([at]) => at))
  const up = linear(all.map(([, value]) => value))
  const left = (at: number) => area.left + across.share(at) * (width - area.left - area.right)
  const top = (value: number) => height - area.bottom - up.share(value) * (height - area.top - area.bottom)
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:14px;font-weight:600}path,line{fill:none;stroke:#ccc}.line{stroke-width:2}@media(prefers-color-scheme:dark){text{fill:#ddd}line{stroke:#555}}</style>`,
    `<text class="title" x="${area.left}" y="20">${escaped(title)}</text>`,
  ]
  for (const tick of up.ticks) {
    const at = rounded(top(tick))
    lines.push(`<line x1="${area.left}" x2="${width - area.right}" y1="${at}" y2="${at}"/>`)
    lines.push(`<text x="${area.left - 8}" y="${at + 4}" text-anchor="end">${labelOf(tick)}</text>`)
  }
  for (const tick of across.ticks) {
    const at = rounded(left(tick))
    lines.push(
      `<text x="${at}" y="${height - area.bottom + 18}" text-anchor="middle">${labelOf(tick)}</text>`,
    )
  }
  lines.push(
    `<text x="${width - area.right}" y="${height - 10}" text-anchor="end">${escaped(x.label)}</text>`,
    `<text x="8" y="${area.top - 14}">${escaped(y.label)}</text>`,
  )
  for (const [index, { name, points }] of series.entries()) {
    const colour = colours[index % colours.length]!
    const path = points.map(([at, value]) => `${rounded(left(at))} ${rounded(top(value))}`).join('L')
    lines.push(`<path class="line" style="stroke:${colour}" d="M${path}"/>`)
    // So many points are a line already.
    const dots = points.length > 20 ? [] : points
    for (const [at, value] of dots) {
      lines.push(`<circle cx="${rounded(left(at))}" cy="${rounded(top(value))}" r="3" fill="${colour}"/>`)
    }
    const from = area.left + (index * (width - area.left)) / series.length
    lines.push(`<text x="${rounded(from + 14)}" y="38">${escaped(name)}</text>`)
    lines.push(`<circle cx="${rounded(from + 5)}" cy="34" r="4" fill="${colour}"/>`)
  }
  return `${[...lines, '</svg>'].join('\n')}\n`
}

export interface Scale {
  /** Where a value stands, from 0 to 1. */
  share(value: number): number
  readonly ticks: readonly number[]
}

/** From 0 to a round number that is no less than the largest. */
export function linear(values: readonly number[]): Scale {
  const most = Math.max(...values, Number.MIN_VALUE)
  const magnitude = 10 ** Math.floor(Math.log10(most))
  const step = [0.2, 0.5, 1, 2].map((times) => times * magnitude).find((each) => most / each <= 5)!
  const count = Math.ceil(most / step - 1e-9)
  const end = count * step
  return {
    share: (value) => value / end,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12))),
  }
}

/** From the power of ten at or below the smallest that is not 0 to the one at or above the largest. */
export function logarithmic(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0)
  const from = Math.floor(Math.log10(Math.min(...positive)) + 1e-9)
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...positive)) - 1e-9))
  return {
    share: (value) => (value <= 0 ? 0 : (Math.log10(value) - from) / (to - from)),
    ticks: Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)),
  }
}

function labelOf(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 3 })
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
