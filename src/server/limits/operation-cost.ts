/** What operations may cost, judged on every road before they are executed; and the report of it. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql'
import { costOf, type Variables } from '#api/cost.ts'
import type { ErrorCode } from '#api/enums.ts'

export interface Asked {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variableValues?: Variables | null | undefined
}

/** `extensions` go with the answer, whatever it is. */
export interface Judgement {
  readonly cost: number
  readonly extensions: { readonly cost: { readonly requested: number; readonly limit?: number } }
  /** Undefined where it may be executed. */
  readonly refusal: GraphQLError | undefined
}

export interface CostJudge {
  of(asked: Asked): Judgement
}

type Known = Judgement | ((variables: Variables) => Judgement)

/** @param limit of one operation; Infinity: none. */
export function judgeCosts(schema: GraphQLSchema, limit: number): CostJudge {
  const known = new WeakMap<OperationDefinitionNode, Known>()

  function look(document: DocumentNode, operation: OperationDefinitionNode): Known {
    const cost = costOf(schema, document, operation)
    if (typeof cost === 'number') return judged(cost)
    return (variables) => judged(cost(variables))
  }

  function judged(cost: number): Judgement {
    const requested = Math.ceil(cost)
    const report = limit === Number.POSITIVE_INFINITY ? { requested } : { requested, limit }
    return {
      cost: requested,
      extensions: { cost: report },
      refusal: requested > limit ? tooCostly(requested, limit) : undefined,
    }
  }

  const nothing = judged(0)
  return {
    of({ document, operationName, variableValues }) {
      const operation = getOperationAST(document, operationName)
      if (operation == null) return nothing
      let one = known.get(operation)
      if (one === undefined) {
        one = look(document, operation)
        known.set(operation, one)
      }
      return typeof one === 'function' ? one(variableValues ?? {}) : one
    },
  }
}

function tooCostly(requested: number, limit: number): GraphQLError {
  const code: ErrorCode = 'TOO_COMPLEX'
  return new GraphQLError(
    `The operation costs ${requested}; at most ${limit} are taken. Ask for shorter pages, or for less of each item.`,
    { extensions: { code, http: { status: 400 } } },
  )
}
