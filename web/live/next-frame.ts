/**
 * Work that is done once a frame, however often it is asked for: a live board is told four changes a second, and twenty feeds
 * their own. A page that nobody sees has no frames; there it is done once a second, so that nothing gathers.
 */
const unseenMs = 1_000

export interface NextFrame {
  /** Calls the function at the next frame; asked for again before that, once. */
  ask(): void
  cancel(): void
}

export function createNextFrame(work: () => void): NextFrame {
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function cancel(): void {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    timer = undefined
  }

  function run(): void {
    cancel()
    work()
  }

  return {
    ask() {
      if (timer !== undefined) return
      frame = requestAnimationFrame(run)
      timer = setTimeout(run, unseenMs)
    },
    cancel,
  }
}
