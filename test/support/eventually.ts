/** Waiting for something to become true, instead of sleeping and hoping. */
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Tries again until `attempt` gives something other than `undefined`, `null` or `false`, and gives that. An attempt
 * that throws counts as not yet, so that an `expect` may stand in it.
 *
 * @param what completes the sentence "waited for …" in the error that is thrown when the time is up; the last thing
 *   seen stands behind it.
 */
export async function eventually<T>(
  what: string,
  attempt: () => T | Promise<T>,
  { withinMs = 20_000, everyMs = 20 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const seen = await once(attempt)
    if (seen.done) return seen.value
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${withinMs / 1000} s for ${what}; ${seen.instead}`, { cause: seen.cause })
    }
    await pause(everyMs)
  }
}

type Seen<T> =
  | { readonly done: true; readonly value: Exclude<T, undefined | null | false> }
  | { readonly done: false; readonly instead: string; readonly cause?: unknown }

async function once<T>(attempt: () => T | Promise<T>): Promise<Seen<T>> {
  try {
    const value = await attempt()
    if (isSettled(value)) return { done: true, value }
    return { done: false, instead: `last seen: ${String(value)}` }
  } catch (error) {
    return { done: false, instead: `last: ${error instanceof Error ? error.message : error}`, cause: error }
  }
}

function isSettled<T>(value: T): value is Exclude<T, undefined | null | false> {
  return value !== undefined && value !== null && value !== false
}
