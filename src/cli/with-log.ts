/** A command that works on the log: it is opened for it and closed behind it, and where that fails it is said on stderr. */
import { isUnavailable } from '#database/faults.ts'
import { type OpenedForCli, type OpenForCliOptions, openForCli } from './open-log.ts'
import { complain } from './process.ts'

export interface WithLogOptions extends OpenForCliOptions {
  /** What is said when the database goes away under `work`. */
  readonly wentAway: string
}

/** Gives the exit code: that of `work`, 1 where there is no log or it went away, 130 where Ctrl-C came first. */
export async function withLog(
  { wentAway, ...options }: WithLogOptions,
  work: (opened: OpenedForCli) => Promise<number>,
): Promise<number> {
  let opened: OpenedForCli
  try {
    opened = await openForCli(process.env, options)
  } catch (error) {
    if (options.signal?.aborted) return complain('Stopped before anything was done.', 130)
    return complain(error instanceof Error ? error.message : String(error), 1)
  }
  try {
    return await work(opened)
  } catch (error) {
    if (isUnavailable(error)) return complain(wentAway, 1)
    throw error
  } finally {
    await opened.close()
  }
}
