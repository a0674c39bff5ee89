/** Vacuums the tables that rides are deleted from, of the log and of every version of the read side. */
import type { Queryable } from '@databases/pg'
import { vacuum } from '#database/vacuum.ts'
import type { Projection } from './projection.ts'
import { readVersions } from './versions.ts'

export interface VacuumOptions {
  readonly database: Queryable
  readonly url: string
  readonly projections: readonly Projection[]
  readonly signal: AbortSignal
}

export async function vacuumDeleted({ database, url, projections, signal }: VacuumOptions): Promise<void> {
  const read = (await readVersions(database)).flatMap(({ projection, version }) => {
    const names = projections.find(({ name }) => name === projection)?.tables ?? []
    return names.map((name) => `${name}_${version}`)
  })
  const webhooks = ['webhook_endpoints', 'webhook_deliveries', 'webhook_deleted_rides']
  const riders = ['riders', 'accounts', 'sign_in_methods', 'sessions', 'api_keys', 'privacy_zones']
  await vacuum(url, ['events', 'streams', 'ride_changes', ...riders, ...webhooks, ...read], signal)
}
