/**
 * Typed documents: `graphql(...)` infers what a document answers and takes from the printed schema.
 *
 * `gql.tada generate-output` writes schema.generated.d.ts from schema.graphql, and `gql.tada check` holds every
 * document of the app against it: the compiler alone does not name a wrong field.
 */
import type { Geometry } from 'geojson'
import { initGraphQLTada } from 'gql.tada'
import type { introspection } from './schema.generated.d.ts'

export const graphql = initGraphQLTada<{
  introspection: introspection
  disableMasking: true
  scalars: {
    DateTime: string
    Latitude: number
    Longitude: number
    Cursor: string
    GeoJSON: Geometry
  }
}>()

export type { ResultOf, TadaDocumentNode, VariablesOf } from 'gql.tada'
