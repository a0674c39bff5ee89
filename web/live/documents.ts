/** What the app follows while rides are being ridden. */
import { graphql, type ResultOf } from '../graphql/graphql.ts'
import { rideSummaryFragment } from '../rides/documents.ts'

export const liveRidesSubscription = graphql(`
  subscription LiveRides {
    liveRides {
      snapshot
      rides {
        rideId
        version
        status
        title
        rider { id name }
        startedAt
        updatedAt
        position { at latitude longitude heading altitude heartRate cadence power battery }
        progress { distance movingTime timerTime speed }
      }
      removed
    }
  }
`)
export type LiveRidesChange = ResultOf<typeof liveRidesSubscription>['liveRides']
export type LiveRide = LiveRidesChange['rides'][number]

export const rideFeedSubscription = graphql(`
  subscription RideFeed($rideId: ID!, $after: Cursor) {
    rideFeed(rideId: $rideId, after: $after) {
      cursor
      version
      type
      status
      at
      positions { at latitude longitude heading }
      progress { distance movingTime timerTime speed }
    }
  }
`)
export type RideFeedItem = ResultOf<typeof rideFeedSubscription>['rideFeed']

export const rideUntilFinishedSubscription = graphql(`
  subscription RideUntilFinished($rideId: ID!, $after: Cursor) {
    rideFeed(rideId: $rideId, after: $after, until: FINISHED) { cursor version type status }
  }
`)

export const overRidesQuery = graphql(
  `
    query OverRides($first: Int!) {
      rides(first: $first, filter: { status: [ENDED, FINISHED] }) { nodes { ...RideSummary } }
    }
  `,
  [rideSummaryFragment],
)

/** `tolerance` in metres thins the route to what a screen can tell apart. */
export const rideRouteQuery = graphql(`
  query RideRoute($id: ID!, $minVersion: Int) {
    ride(id: $id, minVersion: $minVersion) {
      id
      route {
        geometry(tolerance: 2)
        boundingBox { west south east north }
      }
    }
  }
`)
