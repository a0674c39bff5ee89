/** How many rides are forgotten: a bar on a terminal, a line now and then where the output goes to a file. */
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  readonly update: (rides: number, of: number) => void
  /** Says something that stays, in lines of its own. */
  readonly say: (text: string) => void
  readonly stop: () => void
}

export function startProgress(out: NodeJS.WriteStream): Progress {
  return out.isTTY ? bar(out) : lines(out)
}

function bar(out: NodeJS.WriteStream): Progress {
  const single = new SingleBar(
    {
      format: '{bar} {percentage}%  {value} of {total} rides',
      barsize: 30,
      stream: out,
      hideCursor: true,
      // It steps aside for what stays.
      clearOnComplete: true,
      // The command answers Ctrl-C itself.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  let last: { readonly rides: number; readonly of: number } | undefined
  return {
    update(rides, of) {
      if (last === undefined) single.start(of, rides)
      last = { rides, of }
      single.setTotal(of)
      single.update(rides)
    },
    say(text) {
      single.stop()
      out.write(`${text}\n`)
      if (last !== undefined) single.start(last.of, last.rides)
    },
    stop() {
      last = undefined
      single.stop()
    },
  }
}

function lines(out: NodeJS.WritableStream): Progress {
  let tenths = 0
  const say = (text: string) => {
    out.write(`${text}\n`)
  }
  return {
    say,
    update(rides, of) {
      const reached = Math.floor((rides * 10) / Math.max(1, of))
      if (reached > tenths) say(`${reached * 10} %  ${rides} of ${of} rides`)
      tenths = reached
    },
    stop: () => undefined,
  }
}
