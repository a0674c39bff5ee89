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
  /**
   * Places that are taken and let go of thousands of times a second. A set would be remade every few of them, and each of its
   * tables that has grown old would keep alive what was in it until all of the memory is cleared: twice the work of the collector.
   */
  const places: (Awaited | undefined)[] = []
  const free: number[] = []
  let looked = 0
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    looked++
    for (const [place, one] of places.entries()) {
      if (one === undefined || one.look > looked) continue
      leave(place)
      one.late()
    }
    if (free.length < places.length) return
    clearInterval(timer)
    timer = undefined
  }

  function enter(one: Awaited): number {
    const place = free.pop() ?? places.length
    places[place] = one
    return place
  }

  function leave(place: number): void {
    places[place] = undefined
    free.push(place)
  }

  return {
    within: (work, shown, late, settled) =>
      new Promise((resolve, reject) => {
        let isLate = false
        const place = enter({
          look: looked + looks,
          late() {
            isLate = true
            resolve(late())
          },
        })
        timer ??= setInterval(look, apartMs).unref()
        work.then(
          (result) => {
            settled?.()
            if (isLate) return
            leave(place)
            resolve(shown(result))
          },
          (error: unknown) => {
            settled?.()
            if (isLate) return
            leave(place)
            reject(error)
          },
        )
      }),
    close: () => clearInterval(timer),
  }
}
