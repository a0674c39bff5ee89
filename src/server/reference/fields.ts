/** Fields, arguments and values: a name that is its own address, its type as a link, and what the schema says of it. */
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLType,
  getNamedType,
  isInputObjectType,
  print,
} from 'graphql'
import { type Html, html } from './html.ts'
import type { Prose } from './prose.ts'

type Field = GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLArgument

/** `[Ride!]!`, of which `Ride` leads to it. */
export function typeLink(type: GraphQLType): Html {
  const { name } = getNamedType(type)
  const [before = '', after = ''] = String(type).split(name)
  return html`<code class="of">${before}<a href="#${name}">${name}</a>${after}</code>`
}

/** What else is said below a field of a type. */
type More = (type: GraphQLType, prose: Prose) => Html | undefined

/** @param owner is where it stands, such as `Ride` or `Query.rides`. */
export function fieldList(
  fields: readonly Field[],
  owner: string,
  prose: Prose,
  more?: More,
): Html | undefined {
  if (fields.length === 0) return undefined
  return html`<dl class="fields">${fields.map((field) => fieldEntry(field, `${owner}.${field.name}`, prose, more))}</dl>`
}

function fieldEntry(field: Field, coordinate: string, prose: Prose, more?: More): Html {
  const args = 'args' in field ? field.args : []
  return html`<div id="${coordinate}">
<dt><a class="name" href="#${coordinate}">${field.name}</a> ${typeLink(field.type)}${defaultOf(field)}</dt>
<dd>${deprecation(field.deprecationReason, prose)}${prose.paragraphs(field.description)}${more?.(field.type, prose)}${
    args.length === 0 ? undefined : html`<p class="label">Arguments</p>${fieldList(args, coordinate, prose)}`
  }</dd>
</div>`
}

/** The fields of an input, so that nobody has to go and look for what to send. */
export function inputOf(of: GraphQLType, prose: Prose): Html | undefined {
  const input = getNamedType(of)
  if (!isInputObjectType(input)) return undefined
  return html`<ul class="rows">${Object.values(input.getFields()).map(
    ({ name, type, description }) =>
      html`<li><a class="name" href="#${input.name}.${name}">${name}</a> ${typeLink(type)} <span>${prose.line(description ?? '')}</span></li>`,
  )}</ul>`
}

export function valueList(values: readonly GraphQLEnumValue[], owner: string, prose: Prose): Html {
  return html`<dl class="fields">${values.map(({ name, description, deprecationReason }) => {
    const coordinate = `${owner}.${name}`
    return html`<div id="${coordinate}">
<dt><a class="name" href="#${coordinate}">${name}</a></dt>
<dd>${deprecation(deprecationReason, prose)}${prose.paragraphs(description)}</dd>
</div>`
  })}</dl>`
}

export function deprecation(reason: string | null | undefined, prose: Prose): Html | undefined {
  return reason == null ? undefined : html`<p class="deprecated"><b>Deprecated.</b> ${prose.line(reason)}</p>`
}

function defaultOf(field: Field): Html | undefined {
  if (!('defaultValue' in field) || field.defaultValue === undefined) return undefined
  const value = astFromValue(field.defaultValue, field.type)
  return value == null ? undefined : html` <span class="default">= <code>${print(value)}</code></span>`
}
