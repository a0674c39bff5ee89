/**
 * Events of older schema versions, made new when they are read: the log itself is never rewritten. A step
 * knows one version's shape and the next one's; whoever reads knows only the newest.
 *
 * The release before runs beside this one on the same log: a version, or a type of events, is written at the earliest by the release
 * behind the one that first reads it.
 */

/** By event type: the first step makes version 2 of version 1, the next one 3 of 2. */
export type Upcasters = Readonly<Record<string, readonly ((data: unknown) => unknown)[]>>

export const rideUpcasters: Upcasters = {
  // Version 2 brings the track's own numbers.
  RideFinished: [(finished) => ({ ...(finished as object), progress: null })],
}

/** The newest schema version of a type of events. */
export function newestVersionOf(type: string, upcasters: Upcasters = rideUpcasters): number {
  return (upcasters[type]?.length ?? 0) + 1
}

/** The data as the newest version has it. Throws where a newer program has written it. */
export function upcast(
  {
    type,
    schemaVersion,
    data,
  }: { readonly type: string; readonly schemaVersion: number; readonly data: unknown },
  upcasters: Upcasters = rideUpcasters,
): unknown {
  if (schemaVersion > newestVersionOf(type, upcasters)) {
    throw new Error(
      `The log holds a ${type} of schema version ${schemaVersion}, written by a newer Slipstream. Start that version.`,
    )
  }
  return (upcasters[type] ?? []).slice(schemaVersion - 1).reduce((older, step) => step(older), data)
}
