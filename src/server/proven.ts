/**
 * The documents that were parsed and found valid, by their text. They are what a client of ours sends again and again, so
 * that its requests need neither.
 */
import { type DocumentNode, GraphQLError, getOperationAST } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { LRUCache } from 'lru-cache'

export interface ProvenDocuments {
  /**
   * Undefined where it has no such operation, which is refused while it is parsed; and where the text was not seen for long, or
   * is too long to be kept.
   */
  documentOf(text: string, operationName?: string | null): DocumentNode | undefined
}

/** Of each kind, parsed and refused. Characters: parsed, one takes some 100 bytes, so both are bounded by 100 MB. */
const mostDocuments = 1_000
const mostCharacters = 500_000
/** The longest one of GraphiQL and of the page have 2,000. */
const longestDocument = 50_000

const bounds = {
  max: mostDocuments,
  maxSize: mostCharacters,
  maxEntrySize: longestDocument,
  sizeCalculation: (_: unknown, text: string) => text.length + 1,
}

export function proveDocuments() {
  const documents = new LRUCache<string, DocumentNode>(bounds)
  const errors = new LRUCache<string, Error>(bounds)
  const valid = new WeakSet<DocumentNode>()

  const proven: ProvenDocuments = {
    documentOf(text, operationName) {
      const document = documents.get(text)
      if (document === undefined || !valid.has(document)) return undefined
      return getOperationAST(document, operationName) == null ? undefined : document
    },
  }
  /** Where yoga keeps what it has parsed. */
  const caches = {
    documentCache: documents,
    errorCache: {
      get: (text: string) => errors.get(text),
      set(text: string, error: unknown) {
        if (error instanceof Error) errors.set(text, error)
      },
    },
  }
  const plugin: Plugin = {
    /** Yoga says both only of what comes over HTTP; so they are the same on every road. The first is kept. */
    onParse:
      () =>
      ({ result, context }) => {
        if (result instanceof GraphQLError) {
          result.extensions['code'] ??= 'GRAPHQL_PARSE_FAILED'
          result.extensions.http ??= { spec: true, status: 400 }
        } else if (result !== null && !(result instanceof Error) && !hasOperation(result, context)) {
          throw new GraphQLError('Could not determine what operation to execute.', {
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
          })
        }
      },
    onValidate:
      ({ params: { documentAST } }) =>
      ({ valid: isValid, result }) => {
        if (isValid) valid.add(documentAST)
        for (const error of result) error.extensions['code'] ??= 'GRAPHQL_VALIDATION_FAILED'
      },
  }
  return { proven, caches, plugin }
}

function hasOperation(document: DocumentNode, { params }: { readonly params?: GraphQLParams }): boolean {
  return getOperationAST(document, params?.operationName) != null
}
