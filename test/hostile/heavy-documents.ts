/** Valid documents, or nearly, that ask for more work than anybody needs. */
import type { Sent } from './roads.ts'

const everything =
  'nodes { title route { geometry polylines(tolerance: 0) } statistics { distance } splits { index } streams { time latitude longitude } }'

const repeated = (count: number, each: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => each(index)).join(' ')

/** Each asks for the one before twice: 2 to the 40th fields in all. */
const doubling = `{ ...F40 } ${repeated(40, (index) => `fragment F${index + 1} on Query { a${index}: __typename ...F${index} ...F${index} }`)} fragment F0 on Query { viewer { id } }`

/** Below a field, and what it comes to depends on a variable. */
const doublingBelow = (rides: string) =>
  `query ($u: DistanceUnit!) { ${rides} { ...F60 } } ${repeated(60, (index) => `fragment F${index + 1} on RideConnection { ...F${index} ...F${index} }`)} fragment F0 on RideConnection { nodes { splits(unit: $u) { index } } }`

/** The same with a name for each: nothing can be merged. */
const nestedAliases = `{ ${repeated(30, (page) => `p${page}: rides(first: 100) { ${repeated(30, (node) => `n${node}: nodes { ${repeated(10, (field) => `t${field}: title`)} }`)} }`)} }`

/** Fields that overlap in every pair, with selections that have to be compared each time. */
const overlapping = `{ ${repeated(2_000, (index) => `rides(first: 1) { nodes { rider { ${index % 2 === 0 ? 'id' : 'name'} } } }`)} }`

export const heavyDocuments: Readonly<Record<string, Sent>> = {
  'ten thousand levels of selection': { query: '{ viewer '.repeat(10_000) + '}'.repeat(10_000) },
  'a list of a hundred thousand levels': {
    query: `{ rides(filter: ${'['.repeat(100_000)}${']'.repeat(100_000)}) { totalCount } }`,
  },
  'an object of fifty thousand levels': {
    query: `{ rides(filter: ${'{a:'.repeat(50_000)}1${'}'.repeat(50_000)}) { totalCount } }`,
  },
  'ten thousand fields': { query: `{ ${repeated(10_000, (index) => `f${index}`)} }` },
  'ten thousand aliases': { query: `{ ${repeated(10_000, (index) => `a${index}: __typename`)} }` },
  'a thousand pages of rides': {
    query: `{ ${repeated(1_000, (index) => `a${index}: rides(first: 100) { ${everything} }`)} }`,
  },
  'aliases in aliases': { query: nestedAliases },
  'a page of a size that is a variable': {
    query: `query ($n: Int!) { a: rides(first: $n) { ${everything} } b: rides(last: $n) { ${everything} } }`,
    variables: '{"n": 2147483647}',
  },
  'a fragment in itself': { query: '{ ...F } fragment F on Query { viewer { id } ...F }' },
  'three fragments in a ring': {
    query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }',
  },
  'a ring through a field': {
    query: '{ rides { nodes { ...F } } } fragment F on Ride { rider { id } ...F }',
  },
  'fragments that double': { query: doubling },
  'fragments that double below a field': {
    query: doublingBelow('rides(first: 1)'),
    variables: '{"u": "KILOMETRE"}',
  },
  'fragments that double below a page of nothing': {
    query: doublingBelow('rides(first: 0)'),
    variables: '{"u": "KILOMETRE"}',
  },
  'two thousand fields that overlap': { query: overlapping },
  'ten thousand directives': { query: `{ __typename ${'@include(if: true) '.repeat(10_000)} }` },
  'ten thousand directives that are not there': { query: `{ __typename ${'@a '.repeat(10_000)} }` },
  'ten thousand variables': {
    query: `query (${repeated(10_000, (index) => `$v${index}: Int`)}) { __typename }`,
  },
  'ten thousand operations': {
    query: repeated(10_000, (index) => `query Q${index} { __typename }`),
    more: '"operationName": "Q9"',
  },
  'ten thousand fragments': {
    query: `{ ...F0 } ${repeated(10_000, (index) => `fragment F${index} on Query { __typename }`)}`,
  },
  'half a mebibyte of comment': { query: `#${'x'.repeat(512 * 1024)}\n{ __typename }` },
  'half a mebibyte of commas': { query: `{ __typename ${','.repeat(512 * 1024)} }` },
  'half a mebibyte of a name': { query: `{ ${'a'.repeat(512 * 1024)} }` },
  'half a mebibyte of braces': { query: '{'.repeat(512 * 1024) },
  'a block string of many lines': { query: `{ ride(id: """${' \n'.repeat(200_000)}""") { id } }` },
  'introspection in introspection': {
    query: `{ __schema { types { ${'fields { type { '.repeat(12)} name ${'} } '.repeat(12)} } } }`,
  },
  'introspection many times': {
    query: `{ ${repeated(200, (index) => `s${index}: __schema { types { name fields { name type { name ofType { name } } } } }`)} }`,
  },
  'names of what every object has': {
    query: 'query constructor { __proto__: viewer { toString: id } hasOwnProperty: __typename }',
    more: '"operationName": "constructor"',
  },
  'an operation of the prototype': { query: 'query A { __typename }', more: '"operationName": "__proto__"' },
  'variables of the prototype': {
    query:
      'query ($constructor: ID!, $toString: Int) { ride(id: $constructor, minVersion: $toString) { id } }',
    variables: '{"__proto__": {"constructor": "x"}, "constructor": "6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506"}',
  },
  'extensions of the prototype': {
    query: '{ __typename }',
    more: '"extensions": {"__proto__": {"persistedQuery": {"version": 1, "sha256Hash": "__proto__"}}}',
  },
  'a persisted document of the prototype': {
    query: '',
    more: '"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "__proto__"}}',
  },
  'members that nobody knows': {
    query: '{ __typename }',
    more: '"__proto__": {"query": "{ viewer { id } }"}, "constructor": 1',
  },
  'a query that came twice': { query: '{ __typename }', more: '"query": "{ viewer { id } }"' },
  'variables that are a list': { query: '{ __typename }', variables: '[1, 2]' },
  'variables that are a text': { query: '{ __typename }', variables: '"x"' },
  'variables of a hundred thousand levels': {
    query: '{ __typename }',
    variables: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  },
  'a hundred thousand variables': {
    query: '{ __typename }',
    variables: `{${Array.from({ length: 60_000 }, (_, index) => `"v${index}":0`).join()}}`,
  },
}
