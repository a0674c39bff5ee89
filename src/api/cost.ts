/**
 * What an operation costs, before it is executed: what its fields say (Pothos' complexity plugin), with the variables that it came
 * with. The plugin would look through the document each time; here it is looked through once, and what does not depend on
 * variables, as all single mutations, is a number. What the plugin cannot say is here too: a page's number is counted once, where
 * it is asked for, and the schema is large. test/server/limits/cost.test.ts holds the two against each other.
 */
import type { FieldComplexity, FieldComplexityValue } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isInputType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  valueFromAST,
  visit,
} from 'graphql'
import { dependsOnArguments } from './field-cost.ts'

export type Variables = Readonly<Record<string, unknown>>

/** A number, or what depends on variables. */
export type Cost = number | ((variables: Variables) => number)

/** The whole of it may be asked for, which makes 100 kB. */
const costOfSchema = 200

/** Of an operation in a document that is valid. */
export function costOf(
  schema: GraphQLSchema,
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  /** By where it is spread, for fragments on interfaces: few are looked at twice. */
  const known = new Map<SelectionSetNode, Map<GraphQLNamedType, Cost>>()
  const root = schema.getRootType(operation.operation)
  if (root == null) return 0
  const cost = ofSelections(operation.selectionSet, root)
  if (typeof cost === 'number') return cost
  const defaults = defaultsOf(schema, operation)
  return (variables) => cost({ ...defaults, ...variables })

  function ofSelections(set: SelectionSetNode, type: GraphQLNamedType): Cost {
    const one = known.get(set)?.get(type)
    if (one !== undefined) return one
    const sum = sumOf(
      set.selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return ofField(selection, type)
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
        if (fragment === undefined) return 0
        const name = fragment.typeCondition?.name.value
        return ofSelections(fragment.selectionSet, (name && schema.getType(name)) || type)
      }),
    )
    const made = typeof sum === 'number' ? sum : onceFor(sum)
    const byType = known.get(set) ?? new Map<GraphQLNamedType, Cost>()
    known.set(set, byType.set(type, made))
    return made
  }

  function countsIts(set: SelectionSetNode | undefined, type: GraphQLNamedType): boolean {
    const seen = new Set<SelectionSetNode>()
    return isObjectType(type) && set !== undefined && look(set, type.getFields())

    function look(set: SelectionSetNode, fields: Readonly<Record<string, Field>>): boolean {
      if (seen.has(set)) return false
      seen.add(set)
      return set.selections.some((selection) => {
        if (selection.kind === Kind.FIELD) return isCounting(fields[selection.name.value])
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
        return fragment !== undefined && look(fragment.selectionSet, fields)
      })
    }
  }

  function ofField(node: FieldNode, type: GraphQLNamedType): Cost {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
    if (field === undefined) return asksForSchema(node) ? costOfSchema : 0
    const inner = getNamedType(field.type)
    const below = node.selectionSet === undefined ? 0 : ofSelections(node.selectionSet, inner)
    const own = ownCost(field, node, countsIts(node.selectionSet, inner))
    if (typeof own !== 'function' && typeof below === 'number') return own.field + own.multiplier * below
    return (variables) => {
      const { field, multiplier } = typeof own === 'function' ? own(variables) : own
      return field + multiplier * (typeof below === 'number' ? below : below(variables))
    }
  }
}

type Field = GraphQLField<unknown, unknown>

/** A page's number: it is found once, however long the page is. */
function isCounting(field: Field | undefined): boolean {
  return field?.extensions['countsItsPage'] === true
}

function asksForSchema({ name: { value } }: FieldNode): boolean {
  return value === '__schema' || value === '__type'
}

interface Own {
  readonly field: number
  readonly multiplier: number
}

function ownCost(field: Field, node: FieldNode, isCounted: boolean): Own | ((variables: Variables) => Own) {
  const said = field.extensions['complexity'] as FieldComplexity<unknown, Variables> | undefined
  if (typeof said !== 'function') return own(said)
  const counting = field.extensions['costOfCount'] as ((args: Variables) => number) | undefined
  const ofVariables = (variables: Variables): Own => {
    const given = argumentsOf(field, node, variables)
    const page = own(said(given, {}, field))
    if (!isCounted || counting === undefined) return page
    return { field: page.field + counting(given), multiplier: page.multiplier }
  }
  return dependsOnArguments(said, field) && hasVariables(node) ? ofVariables : ofVariables({})
}

function own(value: FieldComplexityValue | undefined): Own {
  if (typeof value === 'number') return { field: value, multiplier: 1 }
  return { field: value?.field ?? 1, multiplier: value?.multiplier ?? 1 }
}

/** As they came: those that are wrong are refused when the operation is executed. */
function argumentsOf(field: Field, node: FieldNode, variables: Variables): Variables {
  try {
    return getArgumentValues(field, node, variables)
  } catch {
    return {}
  }
}

function hasVariables({ arguments: given = [] }: FieldNode): boolean {
  let has = false
  for (const argument of given) {
    visit(argument, {
      Variable() {
        has = true
      },
    })
  }
  return has
}

function defaultsOf(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): Variables {
  const defaults: Record<string, unknown> = {}
  for (const { variable, type: node, defaultValue } of variableDefinitions) {
    const type = typeFromAST(schema, node)
    if (defaultValue !== undefined && isInputType(type)) {
      defaults[variable.name.value] = valueFromAST(defaultValue, type)
    }
  }
  return defaults
}

/**
 * What a fragment costs with some variables is found out once, however often it is spread: fragments that spread each other twice
 * would ask for it 2^n times. The variables of one evaluation are one object.
 */
function onceFor(cost: Exclude<Cost, number>): Exclude<Cost, number> {
  const found = new WeakMap<Variables, number>()
  return (variables) => {
    let one = found.get(variables)
    if (one === undefined) {
      one = cost(variables)
      found.set(variables, one)
    }
    return one
  }
}

function sumOf(costs: readonly Cost[]): Cost {
  let known = 0
  const others: Exclude<Cost, number>[] = []
  for (const cost of costs) {
    if (typeof cost === 'number') known += cost
    else others.push(cost)
  }
  if (others.length === 0) return known
  return (variables) => others.reduce((sum, cost) => sum + cost(variables), known)
}
