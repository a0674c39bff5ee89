/**
 * How long an operation may take. What is late is answered without what it was about to say; its statements come to an end by the
 * database's own time-out. One timer serves all: a timer for each would cost more than a mutation takes.
 */

export interface Deadline {
  /** What `work` gives, or what `late` does where that takes too long. */
  within<Result>(work: Promise<Result>, late: () => Result): Promise<Result>
  close(): void
}

interface Awaited {
  readonly until: number
  readonly late: () => void
}

/** How much later than told it may be seen. */
const looksApartMs = 1_000

/** @param now milliseconds of a clock that is never set back. */
export function openDeadline(
  timeMs: number,
  { now = () => performance.now(), apartMs = looksApartMs } = {},
): Deadline {
  if (timeMs === Number.POSITIVE_INFINITY) return { within: (work) => work, close: () => undefined }
  // In the order in which they came, which is that in which they are due.
  const awaited = new Set<Awaited>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const time = now()
    for (const one of awaited) {
      if (one.until > time) return
      awaited.delete(one)
      one.late()
    }
    clearInterval(timer)
    timer = undefined
  }

  return {
    within<Result>(work: Promise<Result>, late: () => Result): Promise<Result> {
      return new Promise((resolve, reject) => {
        const one: Awaited = { until: now() + timeMs, late: () => resolve(late()) }
        awaited.add(one)
        timer ??= setInterval(look, apartMs).unref()
        work.then(
          (result) => {
            awaited.delete(one)
            resolve(result)
          },
          (error: unknown) => {
            awaited.delete(one)
            reject(error)
          },
        )
      })
    },
    close: () => clearInterval(timer),
  }
}
