/**
 * What the address of the history says: which part of it is shown, and which rides are looked for. Distances are metres and
 * places degrees, whatever units they are shown in. What cannot be read is left out, never an error.
 */
import type { Box } from '../map/geodesy.ts'
import { type Day, isDay } from './days.ts'

export const shownParts = ['rides', 'totals', 'calendar', 'records'] as const
export type ShownPart = (typeof shownParts)[number]
export const statuses = ['FINISHED', 'ACTIVE', 'PAUSED', 'ENDED'] as const
export type Status = (typeof statuses)[number]
export const sorts = ['newest', 'oldest', 'longest'] as const
export type Sort = (typeof sorts)[number]
export const barPeriods = ['week', 'month', 'year'] as const
export type BarPeriod = (typeof barPeriods)[number]
export const measures = ['distance', 'time', 'climbing', 'rides'] as const
export type Measure = (typeof measures)[number]

/** Which rides; nothing is all of them. */
export interface Wanted {
  text?: string
  from?: Day
  to?: Day
  /** Metres. */
  min?: number
  max?: number
  /** `latitude,longitude,metres`. */
  near?: string
  /** `west,south,east,north`; west is more than east across the 180th meridian. */
  within?: string
  /** Left out: the viewer's own, where there is one. */
  whose?: 'all'
  status?: Status
}

/** The first of each list is what is shown where nothing is said. */
export interface HistorySearch extends Wanted {
  show?: Exclude<ShownPart, 'rides'>
  sort?: Exclude<Sort, 'newest'>
  /** The area that is looked in is what the map shows, wherever it is moved. */
  moving?: true
  /** Of the bars. */
  by?: Exclude<BarPeriod, 'month'>
  of?: Exclude<Measure, 'distance'>
  /** The day that the last of the bars lies in; today. */
  until?: Day
  /** Of the calendar; this year. */
  year?: number
}

export interface Near {
  readonly latitude: number
  readonly longitude: number
  /** Metres. */
  readonly radius: number
}

/** As the server has it. */
export const longestRadius = 100_000
const longestText = 200
const longestDistance = 1e9

export function validateHistorySearch(raw: Record<string, unknown>): HistorySearch {
  const [min, max] = [metresOf(raw['min']), metresOf(raw['max'])]
  const [from, to] = [dayOf(raw['from']), dayOf(raw['to'])]
  const near = parseNear(raw['near'])
  const within = parseBox(raw['within'])
  const year = Number(raw['year'])
  return present({
    text: textOf(raw['text']),
    // The wrong way round is what was meant, the right way round.
    from: from !== undefined && to !== undefined && from > to ? to : from,
    to: from !== undefined && to !== undefined && from > to ? from : to,
    min: min !== undefined && max !== undefined && min > max ? max : min,
    max: min !== undefined && max !== undefined && min > max ? min : max,
    near: near === null ? undefined : printNear(near),
    within: within === null ? undefined : printBox(within),
    whose: raw['whose'] === 'all' ? 'all' : undefined,
    status: oneOf(statuses, raw['status']),
    show: oneOf(['totals', 'calendar', 'records'] as const, raw['show']),
    sort: oneOf(['oldest', 'longest'] as const, raw['sort']),
    moving: raw['moving'] === true || raw['moving'] === 'true' ? true : undefined,
    by: oneOf(['week', 'year'] as const, raw['by']),
    of: oneOf(['time', 'climbing', 'rides'] as const, raw['of']),
    until: dayOf(raw['until']),
    year: Number.isInteger(year) && year >= 1900 && year <= 9999 ? year : undefined,
  })
}

export function parseNear(text: unknown): Near | null {
  const [latitude, longitude, radius] = numbersOf(text, 3)
  if (latitude === undefined || longitude === undefined || radius === undefined) return null
  const isSane =
    Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && radius > 0 && radius <= longestRadius
  return isSane ? { latitude, longitude, radius } : null
}

/** To ten metres or so: more would say of a doorstep what is meant of a neighbourhood. */
export function printNear({ latitude, longitude, radius }: Near): string {
  return `${latitude.toFixed(4)},${turned(longitude).toFixed(4)},${Math.round(radius)}`
}

export function parseBox(text: unknown): Box | null {
  const [west, south, east, north] = numbersOf(text, 4)
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null
  const isSane = [west, east].every((each) => Math.abs(each) <= 180) && south >= -90 && north <= 90
  return isSane && south < north && west !== east ? { west, south, east, north } : null
}

/** @param box of a map, which may have been turned round the globe. */
export function printBox({ west, south, east, north }: Box): string {
  const isRound = east - west >= 360
  const edges = isRound ? [-180, south, 180, north] : [turned(west), south, turned(east), north]
  const [left = 0, bottom = 0, right = 0, top = 0] = edges
  return [left, Math.max(-90, bottom), right, Math.min(90, top)].map((each) => each.toFixed(4)).join(',')
}

/** The wanted alone: what makes one list of rides another. */
export function wantedOf(search: HistorySearch): Wanted {
  const { text, from, to, min, max, near, within, whose, status } = search
  return present({ text, from, to, min, max, near, within, whose, status })
}

/** Fields that are undefined are as good as left out, and two searches that are the same are to look the same. */
export function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>
  }
}

/** Addresses hold what looks like a number as a number. */
function textOf(raw: unknown): string | undefined {
  const text = typeof raw === 'number' ? String(raw) : raw
  if (typeof text !== 'string') return undefined
  const trimmed = text.trim().slice(0, longestText)
  return trimmed === '' ? undefined : trimmed
}

function metresOf(raw: unknown): number | undefined {
  if (typeof raw !== 'number' && (typeof raw !== 'string' || raw === '')) return undefined
  const metres = Math.round(Number(raw))
  return metres >= 0 && metres <= longestDistance ? metres : undefined
}

function dayOf(raw: unknown): Day | undefined {
  return isDay(raw) ? raw : undefined
}

function numbersOf(text: unknown, count: number): number[] {
  if (typeof text !== 'string') return []
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : []
}

function oneOf<Value extends string>(values: readonly Value[], raw: unknown): Value | undefined {
  return values.find((value) => value === raw)
}

function turned(longitude: number): number {
  if (Math.abs(longitude) <= 180) return longitude
  return ((((longitude + 180) % 360) + 360) % 360) - 180
}
