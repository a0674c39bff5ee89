/** Who may ask what is for administrators. */
import type { Viewer } from '#rights/viewer.ts'
import { builder } from './builder.ts'
import { asGraphQLError } from './errors.ts'
import { lackOf } from './lack.ts'

/** Throws what whoever is none is told. */
export function onlyAdministrators(viewer: Viewer): void {
  const refusal = lackOf(viewer, 'admin')
  if (refusal !== undefined) throw asGraphQLError(refusal.code, refusal.message)
}

builder.queryField('isAdministrator', (t) =>
  t.boolean({
    description: 'Whether who asks may ask what is for administrators.',
    resolve: (_, __, { viewer }) => lackOf(viewer, 'admin') === undefined,
  }),
)
