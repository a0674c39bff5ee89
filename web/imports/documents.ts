/** What the page shows of a ride that was imported. */
import { graphql } from '../graphql/graphql.ts'

export const importedRideQuery = graphql(`
  query ImportedRide($id: ID!, $minVersion: Int) {
    ride(id: $id, minVersion: $minVersion) {
      title
      startedAt
      timeZone
      progress { distance }
      statistics { distance }
    }
  }
`)
