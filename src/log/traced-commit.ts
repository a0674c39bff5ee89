/** A commit as it stands in traces: each append a span of the trace it belongs to, and the commit one that is linked to all of them. */
import type { Tracing } from '#telemetry/tracing.ts'
import type { AppendEntry } from './append.ts'

export interface WaitedFor {
  readonly entry: AppendEntry
  /** When it began to wait, by `performance.now()`. */
  readonly since: number
}

export interface TracedCommit {
  readonly partition: number
  readonly begunAt: number
  /** As a class; undefined: it was done. */
  readonly failure: string | undefined
}

/** Says it once it is over: most commits are in no trace, and those are to cost nothing. */
export function traceCommit(
  tracing: Tracing,
  group: readonly WaitedFor[],
  { partition, begunAt, failure }: TracedCommit,
): void {
  const appends = group.flatMap(({ entry, since }) =>
    entry.events.flatMap(({ traceparent, type }) =>
      traceparent === undefined
        ? []
        : [
            tracing.follow('append', traceparent, {
              begunAt: since,
              attributes: { 'slipstream.event.type': type },
            }),
          ],
    ),
  )
  const [first] = appends
  if (first === undefined) return
  const commit = tracing.follow('commit', first.traceparent, {
    kind: 'client',
    begunAt,
    links: appends.map(({ traceparent }) => traceparent),
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': 'append_events',
      'slipstream.partition': partition,
      'slipstream.group.entries': group.length,
    },
  })
  commit.end({ failure })
  for (const append of appends) append.end({ failure })
}
