/** Root fields in traces: what an operation asks for at its top is a span each, and nothing below it. */
import type { PothosOutputFieldConfig, SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import type { Recorded, RequestContext } from './context.ts'

type Resolver = GraphQLFieldResolver<unknown, RequestContext, Record<string, unknown>>

/** Where nothing is recorded it is the resolver and one look. */
export function tracedField<Types extends SchemaTypes>(
  resolve: Resolver,
  { parentType, name }: PothosOutputFieldConfig<Types>,
): Resolver {
  return (parent, args, context, info) => {
    const recorded = context?.recorded
    if (recorded === undefined) return resolve(parent, args, context, info)
    return within(`${parentType}.${name}`, recorded, () => resolve(parent, args, context, info))
  }
}

function within(name: string, { tracing, span }: Recorded, run: () => unknown): unknown {
  const field = tracing.follow(name, span.traceparent)
  const fail = (error: unknown) => {
    field.end({ failure: codeOf(error) ?? 'fault' })
    throw error
  }
  const tell = (value: unknown) => {
    field.end({ failure: codeOf(value) })
    return value
  }
  try {
    const value = run()
    return value instanceof Promise ? value.then(tell, fail) : tell(value)
  } catch (error) {
    return fail(error)
  }
}

/** Errors are data here: what a mutation answers may be one. */
function codeOf(value: unknown): string | undefined {
  return value instanceof Error && 'code' in value && typeof value.code === 'string' ? value.code : undefined
}
