/** What the signals mean that ask a process to stop. */

/**
 * What follows the first so closely is the same asking: the terminal sends Ctrl-C to every process and npm hands it on, and
 * who stops a group of processes (systemd) reaches each of them twice where one hands on to the other. A person needs longer.
 */
const oneAskingMs = 400

export interface Asked {
  /** Asked for the first time, by which signal: what is under way comes to its end. */
  readonly stop: (signal: NodeJS.Signals) => void
  /** Asked again: at once. It ends the process. */
  readonly leave: () => never
}

export function whenAskedToStop(signals: readonly NodeJS.Signals[], { stop, leave }: Asked): void {
  let firstAt: number | undefined
  for (const signal of signals) process.on(signal, asked)

  function asked(signal: NodeJS.Signals): void {
    const now = performance.now()
    if (firstAt === undefined) {
      firstAt = now
      stop(signal)
    } else if (now - firstAt >= oneAskingMs) leave()
  }
}
