/**
 * Operations that come again and again, compiled by graphql-jit. Measured beside the executor that they begin with (µs of the
 * processor, stubs behind the resolvers): an upload of one position 4 instead of 17, of 100 positions 175 instead of 600, twenty
 * rides with their statistics 135 instead of 300. To compile takes 2 to 20 ms.
 *
 * Which of the two answers is seen by the clock alone, and where several fields fail at once, by how many of them are reported:
 * test/server/compiled.test.ts asks both.
 */
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLBoolean,
  GraphQLScalarType,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import { LRUCache } from 'lru-cache'
import { type CoerceVariables, coercionOf } from './coercion.ts'
import { hasMoreFieldsThan, mayBeCompiled } from './compilable.ts'
import { likeGraphQLs } from './compiled-errors.ts'

export interface Compiled {
  /** Undefined where the variables have to be judged: then nothing was done yet. */
  execute(args: ExecutionArgs): Promise<ExecutionResult> | ExecutionResult | undefined
}

/**
 * How often an operation is executed before it is compiled. Who sends ever new ones cannot make the server compile for more
 * than what their executions take.
 */
const timesBefore = 100
/** Some 50 kB of code each. */
const mostCompiled = 200
/** Fragments in fragments make a short document a long one, and it is compiled at its length. */
const mostFields = 1_000

export function compileOperations(schema: GraphQLSchema, { after = timesBefore } = {}) {
  const compiled = new LRUCache<OperationDefinitionNode, Compiled | 'not this one'>({ max: mostCompiled })
  const times = new WeakMap<OperationDefinitionNode, number>()
  const through = passing(schema)

  return {
    /** Undefined where it does not come often enough, or cannot be compiled. */
    of({ document, operationName }: Pick<ExecutionArgs, 'document' | 'operationName'>): Compiled | undefined {
      const operation = getOperationAST(document, operationName)
      if (operation == null) return undefined
      const known = compiled.get(operation)
      if (known !== undefined) return known === 'not this one' ? undefined : known
      const before = times.get(operation) ?? 0
      times.set(operation, before + 1)
      if (before < after) return undefined
      const isOurs = mayBeCompiled(operation, document) && !hasMoreFieldsThan(mostFields, operation, document)
      const made = isOurs ? compile(schema, through, document, operation) : undefined
      compiled.set(operation, made ?? 'not this one')
      return made
    },
  }
}

function compile(
  schema: GraphQLSchema,
  through: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Compiled | undefined {
  const query = compileQuery(through, withPassingVariables(document), operation.name?.value)
  if (!isCompiledQuery(query)) return undefined
  const coerce: CoerceVariables = coercionOf(schema, operation)
  const { source } = document.loc ?? {}
  const asGraphQLs = (result: ExecutionResult) => likeGraphQLs(result, source)
  return {
    execute({ rootValue, contextValue, variableValues }) {
      const variables = coerce(variableValues ?? {})
      if (variables === undefined) return undefined
      const result = query.query(rootValue, contextValue, variables)
      return result instanceof Promise ? result.then(asGraphQLs) : asGraphQLs(result)
    },
  }
}

/**
 * graphql-jit coerces variables in its own way: it takes [] for an input object, and says otherwise what is wrong. So it is given
 * those that are coerced, each as a scalar that is what it is; but for booleans, which it knows as conditions by their type.
 */
const Passing = new GraphQLScalarType({ name: 'Passing', parseValue: (value) => value })
const passingType: TypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: Passing.name } }

/** The same schema, which by this name also knows that scalar. */
function passing(schema: GraphQLSchema): GraphQLSchema {
  const getType: GraphQLSchema['getType'] = (name) => (name === Passing.name ? Passing : schema.getType(name))
  return Object.create(schema, { getType: { value: getType } })
}

function withPassingVariables(document: DocumentNode): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return definition
      const { variableDefinitions = [] } = definition
      return {
        ...definition,
        variableDefinitions: variableDefinitions.map((definition) =>
          isBoolean(definition.type)
            ? definition
            : { kind: definition.kind, variable: definition.variable, type: passingType },
        ),
      }
    }),
  }
}

function isBoolean(type: TypeNode): boolean {
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type
  return named.kind === Kind.NAMED_TYPE && named.name.value === GraphQLBoolean.name
}
