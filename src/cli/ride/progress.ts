/**
 * How far a replay is: a bar on a terminal, a line now and then where the output goes to a file.
 */

import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  readonly update: (positionsSent: number) => void
  /** Says something that stays, in lines of its own. */
  readonly say: (text: string) => void
  /** Says why nothing moves; gone with the next update. */
  readonly note: (text: string) => void
  readonly stop: () => void
}

export function startProgress(positions: number, out: NodeJS.WriteStream): Progress {
  return out.isTTY ? bar(positions, out) : lines(positions, out)
}

function bar(positions: number, out: NodeJS.WriteStream): Progress {
  let sent = 0
  const single = new SingleBar(
    {
      format: '{bar} {percentage}%  {value} of {total} positions  {note}',
      barsize: 30,
      stream: out,
      hideCursor: true,
      // It steps aside for what stays, and at the end for the sum.
      clearOnComplete: true,
      // The replay answers Ctrl-C itself.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  single.start(positions, 0, { note: '' })
  return {
    say: (text) => {
      single.stop()
      out.write(`${text}\n`)
      single.start(positions, sent, { note: '' })
    },
    update: (positionsSent) => {
      sent = positionsSent
      single.update(sent, { note: '' })
    },
    note: (text) => single.update({ note: text }),
    stop: () => single.stop(),
  }
}

function lines(positions: number, out: NodeJS.WritableStream): Progress {
  let tenths = 0
  const say = (text: string) => {
    out.write(`${text}\n`)
  }
  return {
    say,
    update: (positionsSent) => {
      const reached = Math.floor((positionsSent * 10) / Math.max(1, positions))
      if (reached > tenths) say(`${reached * 10} %  ${positionsSent} of ${positions} positions`)
      tenths = reached
    },
    note: say,
    stop: () => {},
  }
}
