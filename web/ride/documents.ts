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
          excluded { reason count }
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
          averageHeartRate
          maxHeartRate
          averageCadence
          averagePower
        }
      }
    }
  `,
  [rideSummaryFragment],
)
export type Ride = NonNullable<ResultOf<typeof rideQuery>['ride']>

/** Twice as many as a wide screen has points: all that can be seen of ten hours, in some 150 kB. */
export const rideStreamsQuery = graphql(`
  query RideStreams($id: ID!) {
    ride(id: $id) {
      streams(resolution: 2000) {
        time
        distance
        movingTime
        movingDistance
        elevationGain
        segment
        latitude
        longitude
        altitude
        speed
        heartRate
        cadence
        power
        originalSize
      }
    }
  }
`)

type Streams = NonNullable<NonNullable<ResultOf<typeof rideStreamsQuery>['ride']>['streams']>
/** Arrays of one length, by index; the schema says of what. */
export type Samples = {
  readonly [Name in keyof Streams]: Streams[Name] extends (infer Value)[] ? readonly Value[] : Streams[Name]
}

export const rideSplitsQuery = graphql(`
  query RideSplits($id: ID!, $unit: DistanceUnit!) {
    ride(id: $id) {
      splits(unit: $unit) { index distance elapsedTime movingTime averageSpeed elevationChange }
    }
  }
`)
export type Split = NonNullable<ResultOf<typeof rideSplitsQuery>['ride']>['splits'][number]

export const excludedPositionsQuery = graphql(`
  query ExcludedPositions($id: ID!) {
    ride(id: $id) { route { excludedPositions { at latitude longitude reason } } }
  }
`)
type ExcludedRoute = NonNullable<NonNullable<ResultOf<typeof excludedPositionsQuery>['ride']>['route']>
export type ExcludedPosition = NonNullable<ExcludedRoute['excludedPositions']>[number]
export type ExclusionReason = ExcludedPosition['reason']

export const editRideMutation = graphql(`
  mutation EditRide($input: EditRideInput!) {
    editRide(input: $input) {
      __typename
      ... on EditRidePayload { version }
      ... on VersionConflictError { actualVersion }
      ... on Error { code message }
    }
  }
`)

export const endRideMutation = graphql(`
  mutation EndRide($input: RideCommandInput!) {
    endRide(input: $input) {
      __typename
      ... on EndRidePayload { version }
      ... on Error { code message }
    }
  }
`)

export const deleteRideMutation = graphql(`
  mutation DeleteRide($input: RideCommandInput!) {
    deleteRide(input: $input) {
      __typename
      ... on DeleteRidePayload { rideId }
      ... on Error { code message }
    }
  }
`)
