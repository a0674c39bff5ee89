/** The command line of `npm run simulate`, as a value or as what is wrong with it. */

import { readArguments } from '#cli/process.ts'

export interface SimulateOptions {
  /** At the same time. */
  readonly riders: number
  /** Of the clock on the wall. */
  readonly seconds: number
  /** Times real time. */
  readonly speed: number
  /** Finished rides that are written first. */
  readonly history: number
  /** Nobody rides now: only the finished rides are asked for. */
  readonly isHistoryOnly: boolean
  readonly around: { readonly latitude: number; readonly longitude: number }
  readonly seed: number
  readonly visibility: Visibility
  readonly leaveOpen: boolean
  readonly url: URL
  readonly token: string | undefined
}

export type Visibility = (typeof visibilities)[number]

const visibilities = ['PRIVATE', 'UNLISTED', 'PUBLIC'] as const

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: SimulateOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Sends rides that nobody rides: on roads that are made up, with stops, breaks and sensors.

  npm run simulate -- [--riders N] [--seconds N] [--history N] [--around LAT,LON] [--visibility V]
                      [--speed N] [--seed N] [--leave-open] [--url URL] [--token TOKEN]

  --riders N          so many ride at the same time (default 20); who arrives sets out anew
  --seconds N         for so long (default 600); then all rides are ended
  --history N         first writes N finished rides of the last two years; without --riders nothing else
  --around LAT,LON    where (default 46.0569,14.5058)
  --visibility V      private, unlisted or public (default private: the rider alone sees his rides)
  --speed N           N times real time (default 1); the rides then began earlier, and end now
  --seed N            other roads and riders (default 1); the same number makes the same ones
  --leave-open        leaves the rides as they are at the end, instead of ending them
  --url URL           where Slipstream runs (default http://127.0.0.1:4000, or the environment's PORT there)
  --token TOKEN       the rider's token (default: the environment's SLIPSTREAM_TOKEN)
  --help              this text

All rides are of one rider: the token's, or the local rider. Each sends a position a second, in
uploads of two to five seconds. Ctrl-C stops it and ends the rides; Ctrl-C again leaves at once.`

/** What is more is no simulation of riders any more, and no two of them have a connection's attention. */
const mostRiders = 20_000
const mostHistory = 20_000

export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): OptionsOutcome {
  const { SLIPSTREAM_TOKEN, PORT } = environment
  const read = readArguments({
    args: withSouth(args),
    options: {
      riders: { type: 'string' },
      seconds: { type: 'string', default: '600' },
      history: { type: 'string', default: '0' },
      around: { type: 'string', default: '46.0569,14.5058' },
      visibility: { type: 'string', default: 'private' },
      speed: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      'leave-open': { type: 'boolean', default: false },
      url: { type: 'string', default: `http://127.0.0.1:${PORT || 4000}` },
      token: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (typeof read === 'string') return mistake(read)
  const { values } = read
  if (values.help === true) return { outcome: 'help' }
  const riders = whole(values.riders ?? '20', 1, mostRiders)
  if (riders === undefined) {
    return mistake(`--riders must be a whole number, 1 to ${mostRiders}, not '${values.riders}'.`)
  }
  const history = whole(values.history, 0, mostHistory)
  if (history === undefined) {
    return mistake(`--history must be a whole number, 0 to ${mostHistory}, not '${values.history}'.`)
  }
  const seconds = Number(values.seconds)
  if (!(seconds > 0 && Number.isFinite(seconds))) {
    return mistake(`--seconds must be a number above 0, not '${values.seconds}'.`)
  }
  const speed = Number(values.speed)
  if (!(speed > 0 && speed <= 1_000)) {
    return mistake(`--speed must be a number above 0, up to 1000, not '${values.speed}'.`)
  }
  const around = placeOf(values.around)
  if (around === undefined) {
    return mistake(
      `--around must be a latitude within ±80 and a longitude, such as 46.0569,14.5058, not '${values.around}'.`,
    )
  }
  const visibility = visibilities.find((name) => name === values.visibility.toUpperCase())
  if (visibility === undefined) {
    return mistake(`--visibility must be private, unlisted or public, not '${values.visibility}'.`)
  }
  const seed = whole(values.seed, 0, 2 ** 31 - 1)
  if (seed === undefined) return mistake(`--seed must be a whole number, not '${values.seed}'.`)
  const url = URL.parse(values.url)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return mistake(`--url must be an address such as http://127.0.0.1:4000, not '${values.url}'.`)
  }
  return {
    outcome: 'options',
    options: {
      riders,
      seconds,
      speed,
      history,
      isHistoryOnly: history > 0 && values.riders === undefined,
      around,
      seed,
      visibility,
      leaveOpen: values['leave-open'],
      url,
      token: values.token ?? (SLIPSTREAM_TOKEN || undefined),
    },
  }
}

/** A latitude in the south begins as an option does; `--around=-33.9,18.4` is the same and none. */
function withSouth(args: readonly string[]): string[] {
  const around = args.indexOf('--around')
  const place = args[around + 1]
  if (around === -1 || place === undefined || !/^-\d/.test(place)) return [...args]
  return [...args.slice(0, around), `--around=${place}`, ...args.slice(around + 2)]
}

function whole(text: string, least: number, most: number): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined
}

/** Roads are laid out on a plane, which near the poles there is none. */
const furthestNorth = 80

function placeOf(text: string): SimulateOptions['around'] | undefined {
  const parts = text.split(',')
  const [latitude = Number.NaN, longitude = Number.NaN] = parts.map((part) =>
    part.trim() === '' ? Number.NaN : Number(part),
  )
  const isPlace = Math.abs(latitude) <= furthestNorth && Math.abs(longitude) <= 180
  return parts.length === 2 && isPlace ? { latitude, longitude } : undefined
}

function mistake(message: string): OptionsOutcome {
  return { outcome: 'mistake', message }
}
