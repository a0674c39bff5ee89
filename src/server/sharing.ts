/** Which subscriptions ask for the same. */
import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, visit } from 'graphql'

/** Where a subscription begins, not what its items are: the cursor to go on behind is always this argument. */
const cursorArgument = 'after'

/**
 * What a subscription asks for, but for the place where it begins: equal texts are of the same operation of the same document
 * object with the same values.
 */
export function sharedName(
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): string {
  const operation = getOperationAST(document, operationName)
  if (operation == null) return JSON.stringify([numberOf(document), operationName ?? null, variables])
  const values = namesOf(document, operation)
    .filter((name) => Object.hasOwn(variables, name))
    .map((name) => [name, variables[name]])
  return JSON.stringify([numberOf(operation), values])
}

const numbers = new WeakMap<object, number>()
let counted = 0

function numberOf(node: object): number {
  const known = numbers.get(node)
  if (known !== undefined) return known
  numbers.set(node, ++counted)
  return counted
}

const names = new WeakMap<OperationDefinitionNode, readonly string[]>()

/** The operation's variables, without those that are cursors and nothing else. */
function namesOf(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const known = names.get(operation)
  if (known !== undefined) return known
  const uses = new Map<string, number>()
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name: { value } }) {
      uses.set(value, (uses.get(value) ?? 0) + 1)
    },
  })
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind !== Kind.FIELD) continue
    for (const { name, value } of selection.arguments ?? []) {
      if (name.value !== cursorArgument || value.kind !== Kind.VARIABLE) continue
      uses.set(value.name.value, (uses.get(value.name.value) ?? 0) - 1)
    }
  }
  const found = (operation.variableDefinitions ?? [])
    .map(({ variable }) => variable.name.value)
    .filter((name) => (uses.get(name) ?? 0) > 0)
  names.set(operation, found)
  return found
}
