/** What several pages ask about rides. A component reads the types of what it shows from here. */
import { graphql, type ResultOf } from '../graphql/graphql.ts'

export const rideSummaryFragment = graphql(`
  fragment RideSummary on Ride {
    id
    version
    cursor
    status
    title
    startedAt
    timeZone
    rider { id name }
    progress { distance movingTime timerTime speed }
    statistics { distance movingTime }
  }
`)
export type RideSummary = ResultOf<typeof rideSummaryFragment>

export const rideRowQuery = graphql(
  `
    query RideRow($id: ID!, $minVersion: Int) {
      ride(id: $id, minVersion: $minVersion) { ...RideSummary }
    }
  `,
  [rideSummaryFragment],
)
export type RideStatus = RideSummary['status']
