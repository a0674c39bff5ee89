/** How far a rebuild is: a bar on a terminal, a line now and then where the output goes to a file. */
import { Presets, SingleBar } from 'cli-progress'
import { duration, number } from './columns.ts'

export interface Progress {
  readonly update: (position: Place) => void
  /** Says something that stays, in lines of its own. */
  readonly say: (text: string) => void
  readonly stop: () => void
}

/** Events of the log. */
export interface Place {
  readonly position: number
  readonly head: number
  /** Undefined before anything can be said of it. */
  readonly eventsPerSecond: number | undefined
}

export function startProgress(
  out: NodeJS.WritableStream & { readonly isTTY?: boolean },
  now: () => number,
): Progress {
  return out.isTTY ? bar(out) : lines(out, now)
}

function bar(out: NodeJS.WritableStream): Progress {
  const single = new SingleBar(
    {
      format: '{bar} {percentage}%  {text}',
      barsize: 24,
      stream: out,
      hideCursor: true,
      // It steps aside for what stays.
      clearOnComplete: true,
      // The command answers Ctrl-C itself.
      gracefulExit: false,
      emptyOnZero: true,
    },
    Presets.shades_classic,
  )
  let last: Place | undefined
  function draw(): void {
    if (last !== undefined) single.start(last.head, last.position, { text: textOf(last) })
  }
  return {
    say(text) {
      single.stop()
      out.write(`${text}\n`)
      draw()
    },
    update(place) {
      const isFirst = last === undefined
      last = place
      if (isFirst) draw()
      single.setTotal(place.head)
      single.update(place.position, { text: textOf(place) })
    },
    stop() {
      last = undefined
      single.stop()
    },
  }
}

/** Where it takes long, something is to be seen of it all the same. */
const lineAtLeastEveryMs = 30_000

function lines(out: NodeJS.WritableStream, now: () => number): Progress {
  let tenths = 0
  let saidAt = now()
  const say = (text: string) => {
    out.write(`${text}\n`)
  }
  return {
    say,
    update(place) {
      const reached = Math.floor((place.position * 10) / Math.max(1, place.head))
      if (reached <= tenths && now() - saidAt < lineAtLeastEveryMs) return
      tenths = reached
      saidAt = now()
      say(`${Math.floor((place.position * 100) / Math.max(1, place.head))} %  ${textOf(place)}`)
    },
    stop: () => {},
  }
}

function textOf({ position, head, eventsPerSecond }: Place): string {
  const done = `${number(position)} of ${number(head)} events`
  if (eventsPerSecond === undefined) return done
  if (eventsPerSecond === 0) return `${done}, none in the last seconds`
  const left = duration(((head - position) * 1_000) / eventsPerSecond)
  return `${done}, ${number(eventsPerSecond)} events/s, ${left} left`
}
