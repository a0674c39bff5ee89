/** The judgements as a table for a terminal 120 columns wide, or for a file. */
import { holds, type Line, type Verdict } from './judge.ts'

export interface Row {
  /** The recording's file. */
  readonly name: string
  readonly result:
    | { readonly outcome: 'judged'; readonly lines: readonly Line[] }
    /** The service did not take it, or did not finish it. */
    | { readonly outcome: 'refused'; readonly reason: string }
}

export function isWithin({ result }: Row): boolean {
  return result.outcome === 'judged' && holds(result.lines)
}

/** `isTerminal` where signs are seen by people; in a file words are found. */
export function tableOf(rows: readonly Row[], { isTerminal }: { readonly isTerminal: boolean }): string {
  const good = rows.filter(isWithin).length
  return [
    columns(['', 'Slipstream', 'device', 'difference', '', '']),
    ...rows.flatMap(({ name, result }) => [
      name,
      ...(result.outcome === 'judged'
        ? result.lines.flatMap((line) => lineOf(line, isTerminal))
        : wrapped(`refused: ${result.reason}`, width - 10).map((text, index) =>
            index === 0 ? `  ${mark('fails', isTerminal)}  ${text}` : `${' '.repeat(9)}${text}`,
          )),
    ]),
    '',
    ...legend,
    '',
    `${good} of ${rows.length} recordings within tolerance`,
  ].join('\n')
}

/** What the names above do not say by themselves. */
const legend = [
  'Slipstream      what the service shows',
  "device          what the file says: the device's totals or, where it has none, sums of its points",
  'positions       those of the ride that have a place; excluded: not in its route; left out: not taken from the',
  '                file. Together they have to be all that the file has',
  'moving          held against the timer, where that stops when the rider does',
  "gain            what was climbed, held against the file's altitudes, of which each rise of 2 m or more is added up",
  'gain, ridden    the same, without what the altitudes changed by while the timer stood',
  "gain by device  the same beside the device's own sum, for devices differ in what they count as climbing",
]

const width = 120
/** Of the columns; what is left is the note's. */
const widths: readonly [number, number, number, number, number] = [19, 10, 10, 12, 5]
const noteFrom = widths.reduce((sum, each) => sum + each, 2)

const units: Readonly<Record<string, string>> = {
  positions: '',
  distance: 'm',
  gain: 'm',
  'gain, ridden': 'm',
  'gain by device': 'm',
  timer: 's',
  elapsed: 's',
  moving: 's',
}

function lineOf({ measure, shown, device, difference, verdict, note }: Line, isTerminal: boolean): string[] {
  const unit = units[measure]
  const name = unit ? `  ${measure}, ${unit}` : `  ${measure}`
  const [first = '', ...others] = wrapped(note, width - noteFrom)
  return [
    columns([name, whole(shown), whole(device), percent(difference), mark(verdict, isTerminal), first]),
    ...others.map((text) => `${' '.repeat(noteFrom)}${text}`),
  ]
}

function columns([name, shown, device, difference, verdict, note]: readonly [
  string,
  string,
  string,
  string,
  string,
  string,
]): string {
  const numbers = `${shown.padStart(widths[1])}${device.padStart(widths[2])}${difference.padStart(widths[3])}`
  return `${name.padEnd(widths[0])}${numbers}  ${verdict.padEnd(widths[4])}${note}`.trimEnd()
}

function whole(value: number | null | undefined): string {
  return value == null ? '–' : String(Math.round(value))
}

function percent(difference: number | undefined): string {
  if (difference === undefined) return ''
  // What rounds to nothing has no direction.
  const digits = Math.abs(difference).toFixed(2)
  return `${difference < 0 && Number(digits) > 0 ? '-' : '+'}${digits} %`
}

function mark(verdict: Verdict, isTerminal: boolean): string {
  switch (verdict) {
    case 'holds':
      return isTerminal ? '✓' : 'ok'
    case 'fails':
      return isTerminal ? '✗' : 'FAIL'
    case 'not judged':
      return ''
    default:
      return verdict satisfies never
  }
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}
