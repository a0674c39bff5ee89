/** The scalars. What is written wrongly is refused with a sentence that says how to write it. */
import { GraphQLError } from 'graphql'
import { builder } from './builder.ts'
import { readInstant } from './instant.ts'

export type GeoJson = { readonly type: string; readonly coordinates: readonly unknown[] }

builder.scalarType('DateTime', {
  description:
    'An instant as RFC 3339 has it, with an offset: `2026-05-31T09:30:00Z`. Answers are in UTC, to the millisecond.',
  parseValue(value) {
    const at = typeof value === 'string' ? readInstant(value) : undefined
    if (at === undefined)
      throw invalid('A DateTime is written like "2026-05-31T09:30:00Z" (RFC 3339, with an offset).')
    return at
  },
  serialize: (at) => new Date(at).toISOString(),
})

// Range is judged where the input is used, so that an error
// can be data and name the place; here only the kind.
builder.scalarType('Latitude', {
  description: 'Degrees north on WGS 84, -90 to 90, as a number.',
  parseValue: (value) => degrees(value, 'Latitude'),
  serialize: (value) => value,
})

builder.scalarType('Longitude', {
  description: 'Degrees east on WGS 84, -180 to 180, as a number.',
  parseValue: (value) => degrees(value, 'Longitude'),
  serialize: (value) => value,
})

builder.scalarType('GeoJSON', {
  description:
    'A geometry object of GeoJSON (RFC 7946): places are `[longitude, latitude]`, in degrees. It is answered only.',
  parseValue() {
    throw invalid('GeoJSON is not taken as input.')
  },
  serialize: (value) => value,
})

builder.scalarType('JSON', {
  description: 'Any JSON value. It is answered only.',
  parseValue() {
    throw invalid('JSON is not taken as input.')
  },
  serialize: (value) => value,
})

builder.scalarType('Cursor', {
  description:
    'Opaque text: a place to go on from. What is resumed from it continues exactly behind it. After a restore from a backup older cursors are CURSOR_UNKNOWN.',
  parseValue(value) {
    if (typeof value !== 'string') throw invalid('A Cursor is the text that an earlier answer held.')
    return value
  },
  serialize: (value) => value,
})

function degrees(value: unknown, scalar: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw invalid(`A ${scalar} is a number of degrees, written without quotes.`)
  }
  return value
}

function invalid(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } })
}
