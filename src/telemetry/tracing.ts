/**
 * Traces: what one upload brings about, from the mutation to the sockets. There is no context that follows the program
 * around: what goes on with a trace is handed its `traceparent`, which stands in the event's metadata, and so it comes through the
 * log to whoever reads it there, in whatever process.
 *
 *   mutation ─► append ─► (commit) ─► metadata of the event ─┬─► apply, a projection
 *                                                            ├─► fan-out, to the sockets
 *                                                            └─► finish ─► webhook
 *
 * Whether a trace is recorded is decided once, where it begins; all others go by its flag. What is not recorded costs a look
 * at it. `otlp.ts` sends what is recorded, and is not even loaded where nobody asked for traces.
 */

export interface Tracing {
  /**
   * An operation begins: one that is recorded as a span, in the caller's trace or one of its own. Undefined where it is not:
   * nothing of what it brings about is recorded either.
   */
  begin(
    name: () => string,
    options: { readonly parent: string | undefined; readonly attributes?: Attributes },
  ): Span | undefined
  /** What is brought about by something that is recorded. */
  follow(name: string, parent: string, options?: SpanOptions): Span
  /** Sends what is recorded. */
  close(): Promise<void>
}

export interface Span {
  /** For what this one brings about. */
  readonly traceparent: string
  /** @param failure what it failed of, as a class of failures: never a message, which may quote what riders sent. */
  end(options?: { readonly attributes?: Attributes; readonly failure?: string | undefined }): void
}

export interface SpanOptions {
  /** `client`: it waits for another server. `producer`, `consumer`: of a message, which goes on without it. */
  readonly kind?: 'internal' | 'client' | 'producer' | 'consumer'
  readonly attributes?: Attributes
  /** Spans of other traces, or of other branches, that it is work for too. */
  readonly links?: readonly string[]
  /** Where it began before now: milliseconds of `performance.now()`. */
  readonly begunAt?: number
}

/** Never what riders wrote or where they are, nor who they are. */
export type Attributes = Readonly<Record<string, string | number | boolean>>
