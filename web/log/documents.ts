/** What the pages of administrators ask. */
import { graphql, type ResultOf } from '../graphql/graphql.ts'

export const isAdministratorQuery = graphql('query Administrator { isAdministrator }')

export const standingQuery = graphql(`
  query Standing {
    projections {
      name version state since parkedRides
      partitions { partition position head behind behindSince }
    }
    parkedRides(first: 100) {
      rideId projection projectionVersion rideVersion eventType attempts parkedAt
      error { summary where }
    }
  }
`)

export const rebuildMutation = graphql(`
  mutation Rebuild($input: ProjectionInput!) {
    rebuildProjection(input: $input) {
      __typename
      ... on RebuildProjectionPayload { name version isNew }
      ... on Error { code message }
    }
  }
`)

export const cancelRebuildMutation = graphql(`
  mutation CancelRebuild($input: ProjectionInput!) {
    cancelRebuild(input: $input) {
      __typename
      ... on CancelRebuildPayload { name version }
      ... on Error { code message }
    }
  }
`)

export const retryMutation = graphql(`
  mutation RetryParked($input: ParkedRideInput!) {
    retryParkedRide(input: $input) {
      __typename
      ... on RetryParkedRidePayload { outcomes { projection projectionVersion isParked events rideVersion } }
      ... on Error { code message }
    }
  }
`)

export const skipMutation = graphql(`
  mutation SkipParked($input: SkipParkedRideInput!) {
    skipParkedRide(input: $input) {
      __typename
      ... on SkipParkedRidePayload { outcomes { projection projectionVersion isParked events rideVersion } }
      ... on Error { code message }
    }
  }
`)

export const logFeedSubscription = graphql(`
  subscription LogFeed($types: [String!]) {
    logFeed(types: $types) {
      snapshot notShown
      events { streamName partition position version type recordedAt bytes }
    }
  }
`)

const streamFragment = graphql(`
  fragment StreamInLog on LogStream {
    name isOwn partition version status isDeleted isRedacted position newestType recordedAt
  }
`)

export const streamsQuery = graphql(
  `
    query Streams($search: String, $after: String) {
      logStreams(search: $search, after: $after, first: 50) { cursor streams { ...StreamInLog } }
    }
  `,
  [streamFragment],
)

export const streamQuery = graphql(
  `
    query Stream($name: ID!) {
      logStream(name: $name) { ...StreamInLog }
    }
  `,
  [streamFragment],
)

export const streamEventsQuery = graphql(`
  query StreamEvents($name: ID!, $after: Int!) {
    logStream(name: $name) {
      version
      events(first: 100, after: $after) {
        version position type schemaVersion eventId recordedAt at bytes positionCount
      }
    }
  }
`)

export const eventContentQuery = graphql(`
  query EventContent($name: ID!, $version: Int!) {
    logStream(name: $name) {
      event(version: $version) {
        version position type schemaVersion eventId recordedAt at bytes positionCount
        content { isWithheld data metadata positions { at latitude longitude } }
      }
    }
  }
`)

/** Of the viewer's own ride, by its id. To 10 metres the server keeps routes thinned. */
export const streamPlacesQuery = graphql(`
  query StreamPlaces($id: ID!) {
    ride(id: $id) {
      id
      latestPosition { latitude longitude }
      route { polylines(tolerance: 10) boundingBox { west south east north } }
    }
  }
`)

export type Standing = ResultOf<typeof standingQuery>
export type Projection = Standing['projections'][number]
export type ParkedRide = Standing['parkedRides'][number]
export type LogUpdate = ResultOf<typeof logFeedSubscription>['logFeed']
export type LogEvent = LogUpdate['events'][number]
export type Stream = ResultOf<typeof streamFragment>
type EventsOfStream = NonNullable<ResultOf<typeof streamEventsQuery>['logStream']>
export type StreamEvent = EventsOfStream['events'][number]
type StreamOfEvent = NonNullable<ResultOf<typeof eventContentQuery>['logStream']>
export type FullEvent = NonNullable<StreamOfEvent['event']>
