/** How it goes: a bar on a terminal, a line now and then where the output goes to a file. */

import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** `done` of the whole, and what to say of it. */
  readonly update: (done: number, words: string) => void
  /** Says something that stays, in lines of its own. */
  readonly say: (text: string) => void
  readonly stop: () => void
}

export function startProgress(whole: number, unit: string, out: NodeJS.WriteStream): Progress {
  return out.isTTY ? bar(whole, unit, out) : lines(whole, unit, out)
}

function bar(whole: number, unit: string, out: NodeJS.WriteStream): Progress {
  let now = { done: 0, words: '' }
  const single = new SingleBar(
    {
      format: `{bar} {value} of {total} ${unit}  {words}`,
      barsize: 20,
      stream: out,
      hideCursor: true,
      // It steps aside for what stays, and at the end for the sum.
      clearOnComplete: true,
      // The command answers Ctrl-C itself.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  const start = () => single.start(whole, now.done, { words: now.words })
  start()
  return {
    update: (done, words) => {
      now = { done, words }
      single.update(done, { words })
    },
    say: (text) => {
      single.stop()
      out.write(`${text}\n`)
      start()
    },
    stop: () => single.stop(),
  }
}

function lines(whole: number, unit: string, out: NodeJS.WritableStream): Progress {
  let tenths = 0
  const say = (text: string) => {
    out.write(`${text}\n`)
  }
  return {
    say,
    update: (done, words) => {
      const reached = Math.floor((done * 10) / whole)
      if (reached > tenths) say(`${reached * 10} %  ${done} of ${whole} ${unit}  ${words}`)
      tenths = reached
    },
    stop: () => {},
  }
}
