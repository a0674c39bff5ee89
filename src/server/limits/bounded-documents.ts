/** Documents that are too large are refused while they are parsed, on every road: all of them parse with yoga's pieces. */
import { type DocumentNode, GraphQLError, parse } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ErrorCode } from '#api/enums.ts'
import { asksForSchema, documentLimits, tooLong, tooMuchIn } from './document.ts'

const tooComplex: ErrorCode = 'TOO_COMPLEX'

/** @param introspection whether the schema may be asked for. */
export function boundDocuments({ introspection }: { readonly introspection: boolean }): Plugin {
  /** By document, which the parser's cache gives back as it is: each is judged once. */
  const judged = new WeakMap<DocumentNode, GraphQLError | 'good'>()

  function judgementOf(document: DocumentNode): GraphQLError | 'good' {
    const tooMuch = tooMuchIn(document)
    if (tooMuch !== undefined) return refusal(tooComplex, tooMuch)
    if (introspection || !asksForSchema(document)) return 'good'
    return refusal(
      'FORBIDDEN',
      'This server does not tell its schema. Use the schema.graphql of its release.',
    )
  }

  return {
    onParse({ setParseFn }) {
      setParseFn(parseBounded)
      return ({ result }) => {
        if (result instanceof GraphQLError && result.extensions['code'] === tooComplex) {
          // Yoga takes it for a syntax error, which it answers 200 to who knows no other status.
          result.extensions.http = { status: 400 }
          throw result
        }
        if (result === null || result instanceof Error) return
        const judgement = judged.get(result) ?? judgementOf(result)
        judged.set(result, judgement)
        if (judgement !== 'good') throw judgement
      }
    },
  }
}

/** What yoga takes it with has the same arguments as graphql-js' own. */
export function parseBounded(...[source]: Parameters<typeof parse>): DocumentNode {
  const length = tooLong(typeof source === 'string' ? source : source.body)
  if (length !== undefined) throw refusal(tooComplex, length)
  try {
    return parse(source, { maxTokens: documentLimits.tokens })
  } catch (error) {
    // The parser calls itself for each bracket in another.
    if (error instanceof RangeError) {
      throw refusal(tooComplex, 'The document has too many brackets in each other. Ask for less at a time.')
    }
    if (error instanceof GraphQLError && /more tha[tn] \d+ tokens/.test(error.message)) {
      throw refusal(
        tooComplex,
        `The document has over ${documentLimits.tokens} tokens. Send values as variables, and ask for less at a time.`,
      )
    }
    throw error
  }
}

/** As `http` says it is 400 for whatever type is taken: the document was not looked at any further. */
function refusal(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } })
}
