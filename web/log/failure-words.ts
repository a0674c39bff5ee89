/** What is the matter where the log is not answered, for an administrator. Pure. */
import { away } from '../forms/complaint.ts'
import type { Failure } from '../graphql/failure.ts'

const refused = 'The server does not show you the log. Sign in as an administrator.'

export function sentenceAbout(failure: Failure): string {
  if (failure.kind !== 'final') return away
  return failure.code === 'FORBIDDEN' || failure.code === 'UNAUTHENTICATED' ? refused : failure.message
}
