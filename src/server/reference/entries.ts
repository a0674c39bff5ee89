/** What the reference says of one operation, and of one type. */
import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql'
import { deprecation, fieldList, inputOf, typeLink, valueList } from './fields.ts'
import { type Html, html } from './html.ts'
import { isError, type Operation } from './outline.ts'
import type { Prose } from './prose.ts'

export function operationEntry({ kind, field, coordinate }: Operation, prose: Prose): Html {
  return html`<article id="${coordinate}">
<h3><a href="#${coordinate}">${field.name}</a> <span class="kind ${kind}">${kind}</span></h3>
${deprecation(field.deprecationReason, prose)}${prose.paragraphs(field.description)}
${field.args.length === 0 ? undefined : html`<p class="label">Arguments</p>${fieldList(field.args, coordinate, prose, inputOf)}`}
${outcomeOf(getNamedType(field.type), typeLink(field.type), prose)}
</article>`
}

function outcomeOf(type: GraphQLNamedType, link: Html, prose: Prose): Html {
  if (!isUnionType(type)) return html`<p class="label">Gives</p><p>${link}</p>`
  const members = type.getTypes()
  return html`<p class="label">Answers</p>
<ul class="rows">${members.filter((member) => !isError(member)).map((member) => row(member, prose))}</ul>
<p class="label">or one of these errors</p>
<p class="names">${members.filter(isError).map((member) => html`<a href="#${member.name}">${member.name}</a> `)}</p>`
}

function row(type: GraphQLNamedType, prose: Prose): Html {
  const fields = isObjectType(type) ? Object.keys(type.getFields()) : []
  return html`<li><a href="#${type.name}"><code>${type.name}</code></a> <span>${prose.line(type.description ?? '')} Has ${fields.map(
    (name, index) => html`${index === 0 ? '' : ', '}<a href="#${type.name}.${name}"><code>${name}</code></a>`,
  )}.</span></li>`
}

export function typeEntry(type: GraphQLNamedType, usedBy: readonly string[], prose: Prose): Html {
  return html`<article id="${type.name}">
<h3><a href="#${type.name}">${type.name}</a> <span class="kind">${kindOf(type)}</span></h3>
${prose.paragraphs(builtIn.get(type.name) ?? type.description)}${contentOf(type, prose)}${usesOf(usedBy)}
</article>`
}

/** GraphQL's own describe themselves at length, and as if to those who make a server. */
const builtIn: ReadonlyMap<string, string> = new Map([
  ['Boolean', 'True or false.'],
  ['Float', 'A number of 64 bits, whole or not.'],
  ['ID', 'What something is called by programs: text, mostly a UUID.'],
  ['Int', 'A whole number of 32 bits, from -2147483648 to 2147483647.'],
  ['String', 'Text.'],
])

function contentOf(type: GraphQLNamedType, prose: Prose): Html | undefined {
  if (isEnumType(type)) return valueList(type.getValues(), type.name, prose)
  if (isScalarType(type)) {
    const { specifiedByURL } = type
    return specifiedByURL == null
      ? undefined
      : html`<p>Specified at <a href="${specifiedByURL}">${specifiedByURL}</a>.</p>`
  }
  if (isUnionType(type)) {
    return html`<p class="names">${type.getTypes().map(({ name }) => html`<a href="#${name}">${name}</a> `)}</p>`
  }
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return undefined
  return fieldList(Object.values(type.getFields()), type.name, prose)
}

const fewUses = 12

function usesOf(usedBy: readonly string[]): Html | undefined {
  if (usedBy.length === 0) return undefined
  const links = usedBy.map((coordinate) => html`<a href="#${coordinate}">${coordinate}</a> `)
  if (usedBy.length <= fewUses) return html`<p class="label">Used by</p><p class="names">${links}</p>`
  return html`<details><summary class="label">Used by ${usedBy.length}</summary><p class="names">${links}</p></details>`
}

function kindOf(type: GraphQLNamedType): string {
  if (isInputObjectType(type)) return 'input'
  if (isEnumType(type)) return 'enum'
  if (isScalarType(type)) return 'scalar'
  if (isUnionType(type)) return 'union'
  return isInterfaceType(type) ? 'interface' : 'object'
}
