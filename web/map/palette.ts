/**
 * The map's colours, by theme. The page's are CSS custom properties in styles/tokens.css; a map is drawn by WebGL,
 * which reads no CSS, so those it needs are here, once.
 */
export type Theme = 'light' | 'dark'

export interface Palette {
  water: string
  land: string
  border: string
  graticule: string
  graticuleLabel: string
  route: string
  routeCasing: string
  trail: string
  active: string
  paused: string
  /** Nothing was heard of it for long. */
  stale: string
  markerEdge: string
  label: string
  labelHalo: string
  /** What was not ridden between two stretches. */
  gap: string
  /** Beneath the part of a route that is picked out. */
  stretch: string
  pointer: string
  hidden: string
  hiddenEdge: string
}

export const palettes: Record<Theme, Palette> = {
  light: {
    water: '#dfe7ec',
    land: '#f7f6f2',
    border: '#c3c6c4',
    graticule: '#9fb0b8',
    graticuleLabel: '#6b7a82',
    route: '#e0481a',
    routeCasing: '#ffffff',
    trail: '#08765a',
    active: '#08765a',
    paused: '#b26a00',
    stale: '#7d8890',
    markerEdge: '#ffffff',
    label: '#17212b',
    labelHalo: '#ffffff',
    gap: '#55616b',
    stretch: '#17212b',
    pointer: '#1d5fd0',
    hidden: '#4a5c8c',
    hiddenEdge: '#4a5c8c',
  },
  dark: {
    water: '#0c131a',
    land: '#18222c',
    border: '#364451',
    graticule: '#40505e',
    graticuleLabel: '#8b9aa7',
    route: '#ff7a45',
    routeCasing: '#0c131a',
    trail: '#34d3a6',
    active: '#34d3a6',
    paused: '#f0b04a',
    stale: '#7c8a96',
    markerEdge: '#0c131a',
    label: '#eef3f7',
    labelHalo: '#0c131a',
    gap: '#9fb0bd',
    stretch: '#ffffff',
    pointer: '#7db0ff',
    hidden: '#a9b9e8',
    hiddenEdge: '#a9b9e8',
  },
}
