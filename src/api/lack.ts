/** What a viewer lacks for what he asks. */
import type { GraphQLError } from 'graphql'
import type { Scope, Viewer } from '#rights/viewer.ts'
import { asGraphQLError, ForbiddenError, UnauthenticatedError } from './errors.ts'

const howToGet: Record<Scope, string> = {
  'rides:read': 'This key does not have the scope rides:read. Use one that has it.',
  'rides:write': 'This key does not have the scope rides:write. Use one that has it.',
  admin: "Only administrators may do this. On the server's machine `npm run projections` does the same.",
}

/** Undefined where he lacks nothing. */
export function lackOf(viewer: Viewer, scope: Scope): UnauthenticatedError | ForbiddenError | undefined {
  if (viewer.scopes.has(scope)) return undefined
  return viewer.riderId === null && scope !== 'admin'
    ? new UnauthenticatedError()
    : new ForbiddenError(howToGet[scope])
}

/** What is wrong where a viewer's credential was revoked or has expired since he came. */
export function outdated(viewer: Viewer): GraphQLError | undefined {
  if (viewer.isCurrent()) return undefined
  const message = 'What you signed in with has expired or was revoked. Sign in again, or send another token.'
  return asGraphQLError('UNAUTHENTICATED', message)
}

/** Who writes. Throws the contract's error where the viewer may not. */
export function writerOf(viewer: Viewer): string {
  const { riderId } = viewer
  const lack = lackOf(viewer, 'rides:write')
  if (riderId !== null && lack === undefined) return riderId
  throw lack ?? new UnauthenticatedError()
}
