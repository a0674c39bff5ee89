/** What the app follows while rides are being ridden. */
import { graphql, type ResultOf } from '../graphql/graphql.ts'

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
        position { at latitude longitude heading }
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
