/** What a viewer lacks for what he asks. */
import type { Scope, Viewer } from '#rights/viewer.ts'
import { ForbiddenError, UnauthenticatedError } from './errors.ts'

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

/** Who writes. Throws the contract's error where the viewer may not. */
export function writerOf(viewer: Viewer): string {
  const { riderId } = viewer
  const lack = lackOf(viewer, 'rides:write')
  if (riderId !== null && lack === undefined) return riderId
  throw lack ?? new UnauthenticatedError()
}
