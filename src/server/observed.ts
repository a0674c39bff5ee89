/** Each operation as an operator sees it: how long it took, whether it failed, and, where its trace is recorded, the span that all it brings about goes on from. */
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { RequestContext } from '#api/context.ts'
import { isUnavailable } from '#database/faults.ts'
import type { Asking } from '#telemetry/asking.ts'
import type { Live } from '#telemetry/live.ts'
import { notSampled } from '#telemetry/traceparent.ts'
import type { Span, Tracing } from '#telemetry/tracing.ts'

export interface Observing {
  readonly tracing?: Tracing | undefined
  readonly asking?: Pick<Asking, 'operation'> | undefined
  readonly live?: Pick<Live, 'subscription'> | undefined
}

type PromiseOrValue<Value> = Value | Promise<Value>
type Asked = Pick<ExecutionArgs, 'document' | 'operationName'>

export type Observe = <Result extends ExecutionResult | undefined>(
  asked: Asked,
  context: RequestContext,
  execute: () => PromiseOrValue<Result>,
) => PromiseOrValue<Result>

/** What `execute` does not carry out (it answers undefined) was none. */
export function observeOperations({ tracing, asking }: Observing): Observe {
  return (asked, context, execute) => {
    const operation = getOperationAST(asked.document, asked.operationName)
    if (operation == null) return execute()
    const begunAt = performance.now()
    const span = tracing && begin(tracing, operation, context)
    const result = execute()
    if (!(result instanceof Promise)) return tell(result)
    return result.then(tell, (error: unknown) => {
      count('errors')
      span?.end({ failure: 'fault' })
      throw error
    })

    function count(outcome: 'ok' | 'errors'): void {
      asking?.operation(operation!.operation, outcome, (performance.now() - begunAt) / 1_000)
    }

    function tell<Result extends ExecutionResult | undefined>(settled: Result): Result {
      if (settled === undefined) return settled
      const code = codeOf(settled)
      count(code === undefined ? 'ok' : 'errors')
      span?.end({ failure: code })
      return settled
    }
  }
}

/** What a subscription asks for: it has one field, which may stand in a fragment. */
export function fieldOf({ document, operationName }: Asked): string | undefined {
  return firstField(getOperationAST(document, operationName)?.selectionSet, document)
}

function firstField(set: SelectionSetNode | undefined, document: DocumentNode): string | undefined {
  const [first] = set?.selections ?? []
  if (first === undefined || first.kind === Kind.FIELD) return first?.name.value
  if (first.kind === Kind.INLINE_FRAGMENT) return firstField(first.selectionSet, document)
  const fragment = document.definitions.find(
    (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === first.name.value,
  )
  return fragment?.kind === Kind.FRAGMENT_DEFINITION ? firstField(fragment.selectionSet, document) : undefined
}

function begin(
  tracing: Tracing,
  operation: OperationDefinitionNode,
  context: RequestContext,
): Span | undefined {
  const { traceparent: parent } = context
  const span = tracing.begin(() => nameOf(operation), {
    parent,
    attributes: { 'graphql.operation.type': operation.operation },
  })
  if (span !== undefined) {
    context.traceparent = span.traceparent
    context.recorded = { tracing, span }
  } else if (parent !== undefined) context.traceparent = notSampled(parent)
  return span
}

/** By the schema's own words: what a client calls it may be anything. */
function nameOf({ operation, selectionSet }: OperationDefinitionNode): string {
  const fields = selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? selection.name.value : '…',
  )
  return `${operation} ${[...new Set(fields)].slice(0, mostNamed).join(', ')}`
}

const mostNamed = 3

/** Of the first of its errors, as whoever asked is told it: one says what was wrong. */
function codeOf({ errors }: ExecutionResult): string | undefined {
  const [error] = errors ?? []
  if (error === undefined) return undefined
  const { code } = error.extensions
  if (typeof code === 'string') return code
  return isUnavailable(error.originalError) ? 'OVERLOADED' : 'INTERNAL_SERVER_ERROR'
}
