/**
 * The command line of `npm run ride`, as a value or as what is wrong with it.
 */

import { readArguments } from '#cli/process.ts'

export interface RideOptions {
  readonly file: string
  readonly url: URL
  readonly speed: number | 'max'
  readonly token: string | undefined
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: RideOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Replays a recorded ride as a phone would have sent it.

  npm run ride -- FILE [--url URL] [--speed N|max] [--token TOKEN]

  FILE          a FIT, GPX or TCX recording, also packed by gzip (.gz)
  --url URL     where Slipstream runs (default http://127.0.0.1:4000, or the environment's PORT there)
  --speed N     N times real time (default 1), or max: as fast as it is answered
  --token TOKEN the rider's token (default: the environment's SLIPSTREAM_TOKEN)
  --help        this text

Where no server answers within ten seconds nothing is sent. One that goes away later is waited
for: what falls due is kept, and sent again when it is back.
Ctrl-C stops; what was sent stays, and the ride stays open until endRide ends it, or
twelve hours of silence.`

export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): OptionsOutcome {
  const { SLIPSTREAM_TOKEN, PORT } = environment
  const read = readArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string', default: `http://127.0.0.1:${PORT || 4000}` },
      speed: { type: 'string', default: '1' },
      token: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (typeof read === 'string') return mistake(read)
  const { values, positionals } = read
  if (values.help === true) return { outcome: 'help' }
  const [file, ...others] = positionals
  if (file === undefined) return mistake('Which recording? Give a FIT, GPX or TCX file.')
  if (others.length > 0) return mistake(`One recording at a time; there are ${positionals.length}.`)
  const url = URL.parse(values.url)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return mistake(`--url must be an address such as http://127.0.0.1:4000, not '${values.url}'.`)
  }
  const speed = values.speed === 'max' ? 'max' : Number(values.speed)
  if (speed !== 'max' && !(speed > 0 && Number.isFinite(speed))) {
    return mistake(`--speed must be a number above 0, or max, not '${values.speed}'.`)
  }
  const token = values.token ?? (SLIPSTREAM_TOKEN || undefined)
  return { outcome: 'options', options: { file, url, speed, token } }
}

function mistake(message: string): OptionsOutcome {
  return { outcome: 'mistake', message }
}
