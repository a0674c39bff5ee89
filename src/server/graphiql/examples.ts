/**
 * What GraphiQL shows: for each of those who use the API a document, whose operations can be run in the order in which they stand.
 * All are of one ride, so that what the rider does in one tab is seen in the others. Ids and times are in the documents: of variables
 * GraphiQL shows those of the tab that is open at first only when the page is loaded again.
 */
import { administrator, dashboard, integrator, rider } from './documents.ts'

export interface ExampleMeans {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
}

/** A document for each tab. */
export function examplesOf({ now, newId }: ExampleMeans): string[] {
  const openedAt = now()
  const at = (seconds: number) => new Date(openedAt + seconds * 1_000).toISOString()
  const stage = { rideId: newId(), uploadId: newId(), at }
  return [rider, dashboard, integrator, administrator].map((write) => write(stage))
}
