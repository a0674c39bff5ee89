/** What is looked for, in words: each by itself, and the search without it. */
import { metresPerMile, type Units } from '../rides/format.ts'
import { type Day, inWords, spanInWords } from './days.ts'
import { type HistorySearch, parseNear, type Status } from './search.ts'

export interface Chip {
  readonly key: string
  readonly words: string
  /** What the search is without it: fields that are undefined go. */
  readonly without: HistorySearchChange
}

export type HistorySearchChange = { [Name in keyof HistorySearch]?: HistorySearch[Name] | undefined }

export const statusWords: Record<Status, string> = {
  FINISHED: 'Finished',
  ACTIVE: 'Being ridden',
  PAUSED: 'Paused',
  ENDED: 'Just ended',
}

export const nothingWanted = {
  text: undefined,
  from: undefined,
  to: undefined,
  min: undefined,
  max: undefined,
  near: undefined,
  within: undefined,
  moving: undefined,
  status: undefined,
} satisfies HistorySearchChange

/** Whose rides they are is no condition that one drops: it is chosen above the list. */
export function chipsOf(search: HistorySearch, units: Units): Chip[] {
  const { text, from, to, min, max, near, within, status } = search
  const circle = parseNear(near)
  return [
    ...(text === undefined ? [] : [{ key: 'text', words: `“${text}”`, without: { text: undefined } }]),
    ...(from === undefined && to === undefined
      ? []
      : [{ key: 'dates', words: datesInWords(from, to), without: { from: undefined, to: undefined } }]),
    ...(min === undefined && max === undefined
      ? []
      : [
          {
            key: 'distance',
            words: distancesInWords(min, max, units),
            without: { min: undefined, max: undefined },
          },
        ]),
    ...(circle === null
      ? []
      : [
          {
            key: 'near',
            words: `Within ${lengthInWords(circle.radius, units)} of a place`,
            without: { near: undefined },
          },
        ]),
    ...(within === undefined
      ? []
      : [
          {
            key: 'within',
            words: 'In an area of the map',
            without: { within: undefined, moving: undefined },
          },
        ]),
    ...(status === undefined
      ? []
      : [{ key: 'status', words: statusWords[status], without: { status: undefined } }]),
  ]
}

function datesInWords(from: Day | undefined, to: Day | undefined): string {
  const said = (day: Day) => inWords(day, { day: 'numeric', month: 'short', year: 'numeric' })
  if (from !== undefined && to !== undefined) return spanInWords({ from, to })
  return from === undefined ? `Until ${said(to ?? '')}` : `Since ${said(from)}`
}

function distancesInWords(min: number | undefined, max: number | undefined, units: Units): string {
  const { length, unit } = longUnitOf(units)
  const said = (metres: number) => shortly(metres / length)
  if (min !== undefined && max !== undefined) return `${said(min)} – ${said(max)} ${unit}`
  return min === undefined ? `Up to ${said(max ?? 0)} ${unit}` : `From ${said(min)} ${unit}`
}

/** Metres of the unit that distances are given in. */
export function longUnitOf(units: Units): { readonly length: number; readonly unit: string } {
  return units === 'metric' ? { length: 1_000, unit: 'km' } : { length: metresPerMile, unit: 'mi' }
}

export function lengthInWords(metres: number, units: Units): string {
  const { length, unit } = longUnitOf(units)
  return `${shortly(metres / length)} ${unit}`
}

/** `5`, `0.5`, `12.4`. */
export function shortly(value: number): string {
  return String(Math.round(value * 10) / 10)
}
