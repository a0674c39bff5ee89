/** Which requests need no more judging than while they are executed. */
import { type DocumentNode, getOperationAST } from 'graphql'
import type { Documents } from './documents.ts'
import type { ProvenDocuments } from './proven.ts'

export interface KnownOperation {
  readonly document: DocumentNode
  readonly operationName: string | null | undefined
  readonly variables: Readonly<Record<string, unknown>> | null | undefined
}

export type Params = Readonly<Record<string, unknown>>

/**
 * The query or mutation that a request asks for, in a document that is known to be valid. Undefined where it is anything else:
 * what there is to say of that, the whole way through yoga says.
 */
export function knownOperation(
  params: Params,
  { documents, proven }: { readonly documents: Documents; readonly proven: ProvenDocuments },
): KnownOperation | undefined {
  for (const name in params) {
    if (params[name] != null && !parameters.has(name)) return undefined
  }
  const { query, variables, operationName, extensions } = params
  if (!isObjectOrNothing(variables) || !isObjectOrNothing(extensions)) return undefined
  if (operationName != null && typeof operationName !== 'string') return undefined
  const text = documents.textOf({ query, extensions })
  const document = typeof text === 'string' ? proven.documentOf(text, operationName) : undefined
  if (document === undefined) return undefined
  if (getOperationAST(document, operationName)?.operation === 'subscription') return undefined
  return { document, variables, operationName }
}

/** GraphQL over HTTP, 5.1, "Request Parameters". */
const parameters: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions'])

function isObjectOrNothing(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value == null || (typeof value === 'object' && !Array.isArray(value))
}
