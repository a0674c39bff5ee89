/**
 * How long an operation may take. What is late is answered without what it was about to say; its statements come to an end by the
 * database's own time-out. One timer serves all: a timer for each would cost more than a mutation takes.
 */

export interface Deadline {
  /**
   * What `shown` makes of what `work` gives; or what `late` gives, where that takes too long. `settled` is called when the work has
   * come to its end, be it late or failed.
   */
  within<Work, Result>(
    work: Promise<Work>,
    shown: (result: Work) => Result,
    late: () => Result,
    settled?: () => void,
  ): Promise<Result>
  close(): void
}

interface Awaited {
  /** Which look is the first that finds it late. */
  readonly look: number
  readonly late: () => void
}

/** How much later than told it may be seen. */
const looksApartMs = 1_000

/** @param timeMs Infinity: as long as it takes. */
export function openDeadline(timeMs: number): Deadline {
  if (timeMs === Number.POSITIVE_INFINITY) {
    return {
      within: (work, shown, _, settled) =>
        work.then(
          (result) => {
            settled?.()
            return shown(result)
          },
          (error: unknown) => {
            settled?.()
            throw error
          },
        ),
      close: () => undefined,
    }
  }
  const apartMs = Math.min(timeMs, looksApartMs)
  const looks = Math.ceil(timeMs / apartMs) + 1
  // In the order in which they came, which is that in which they are due.
  const awaited = new Set<Awaited>()
  let looked = 0
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    looked++
    for (const one of awaited) {
      if (one.look > looked) return
      awaited.delete(one)
      one.late()
    }
    clearInterval(timer)
    timer = undefined
  }

  return {
    within: (work, shown, late, settled) =>
      new Promise((resolve, reject) => {
        const one: Awaited = { look: looked + looks, late: () => resolve(late()) }
        awaited.add(one)
        timer ??= setInterval(look, apartMs).unref()
        work.then(
          (result) => {
            settled?.()
            awaited.delete(one)
            resolve(shown(result))
          },
          (error: unknown) => {
            settled?.()
            awaited.delete(one)
            reject(error)
          },
        )
      }),
    close: () => clearInterval(timer),
  }
}
