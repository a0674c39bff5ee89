/** What the page of a ride asks. A component reads the types of what it shows from here. */
import { graphql, type ResultOf } from '../graphql/graphql.ts'
import { rideSummaryFragment } from '../rides/documents.ts'

/** `tolerance` in metres thins the route to what a screen can tell apart. */
export const rideQuery = graphql(
  `
    query Ride($id: ID!, $minVersion: Int) {
      ride(id: $id, minVersion: $minVersion) {
        ...RideSummary
        description
        visibility
        shares { id expiresAt }
        endedAt
        latestPosition { at latitude longitude heading }
        route {
          geometry(tolerance: 2)
          boundingBox { west south east north }
          pointCount
        }
        statistics {
          distance
          elapsedTime
          timerTime
          movingTime
          averageSpeed
          maxSpeed
          elevationGain
          elevationLoss
        }
      }
    }
  `,
  [rideSummaryFragment],
)
export type Ride = NonNullable<ResultOf<typeof rideQuery>['ride']>
