/** The page's colours for what is drawn on a canvas or by WebGL, neither of which reads CSS: as the theme has them now. */
import { parseRgb, rampOf } from './colour-scale.ts'

/** @param name of a custom property, such as `--ink`. */
export function readColour(name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

const rampStops = ['--ramp-0', '--ramp-1', '--ramp-2', '--ramp-3', '--ramp-4']

export function readRamp(): (share: number) => string {
  return rampOf(rampStops.map((name) => parseRgb(readColour(name))))
}
