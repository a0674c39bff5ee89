/**
 * The schema's builder, made once. Each file beside this one holds a type with its queries, mutations or
 * subscriptions; `schema.ts` imports them all.
 */
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import DataloaderPlugin from '@pothos/plugin-dataloader'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import type { RequestContext } from './context.ts'
import { costsNothing, fieldCost, ofItsPage } from './field-cost.ts'
import type { GeoJson } from './scalars.ts'

export const builder = new SchemaBuilder<{
  Context: RequestContext
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  DefaultNodeNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    /** Milliseconds since 1970. */
    DateTime: { Input: number; Output: number }
    Latitude: { Input: number; Output: number }
    Longitude: { Input: number; Output: number }
    GeoJSON: { Input: never; Output: GeoJson }
    JSON: { Input: never; Output: unknown }
    Cursor: { Input: string; Output: string }
  }
}>({
  plugins: [ErrorsPlugin, RelayPlugin, DataloaderPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  // Fields only say what they cost: it is judged before anything is executed, on every road (`cost.ts`).
  complexity: { disabled: true, fieldComplexity: fieldCost },
  errors: {
    directResult: true,
    defaultTypes: [],
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName[0]?.toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  relay: {
    cursorType: 'String',
    edgesFieldOptions: { nullable: { list: false, items: false }, complexity: costsNothing },
    nodeFieldOptions: { nullable: false },
    pageInfoFieldOptions: { complexity: costsNothing },
    nodesOnConnection: { complexity: ofItsPage },
    nodesFieldOptions: { nullable: { list: false, items: false } },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
})

builder.queryType({})
builder.mutationType({})
builder.subscriptionType({})
