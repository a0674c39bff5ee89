/** What the recorder sends, and what it asks to know how far the server is. */
import { graphql, type ResultOf } from '../graphql/graphql.ts'

export const startRideMutation = graphql(`
  mutation StartRecordedRide($input: StartRideInput!) {
    result: startRide(input: $input) {
      __typename
      ... on Error { code message }
      ... on OverloadedError { retryAfter }
      ... on RateLimitedError { retryAfter }
    }
  }
`)

export const recordPositionsMutation = graphql(`
  mutation RecordPositions($input: RecordPositionsInput!) {
    result: recordPositions(input: $input) {
      __typename
      ... on Error { code message }
      ... on OverloadedError { retryAfter }
      ... on RateLimitedError { retryAfter }
      ... on RideNotActiveError { status }
    }
  }
`)

export const pauseRideMutation = graphql(`
  mutation PauseRecordedRide($input: RideCommandInput!) {
    result: pauseRide(input: $input) {
      __typename
      ... on Error { code message }
      ... on OverloadedError { retryAfter }
      ... on RateLimitedError { retryAfter }
      ... on InvalidTransitionError { status }
    }
  }
`)

export const resumeRideMutation = graphql(`
  mutation ResumeRecordedRide($input: RideCommandInput!) {
    result: resumeRide(input: $input) {
      __typename
      ... on Error { code message }
      ... on OverloadedError { retryAfter }
      ... on RateLimitedError { retryAfter }
      ... on InvalidTransitionError { status }
    }
  }
`)

export const endRideMutation = graphql(`
  mutation EndRecordedRide($input: RideCommandInput!) {
    result: endRide(input: $input) {
      __typename
      ... on Error { code message }
      ... on OverloadedError { retryAfter }
      ... on RateLimitedError { retryAfter }
      ... on InvalidTransitionError { status }
    }
  }
`)

export const whoIsQuery = graphql(`query WhoRecords { viewer { id } }`)

export const onServerQuery = graphql(`
  query RecordedRide($id: ID!) {
    ride(id: $id) { version status progress { distance } statistics { distance movingTime } }
  }
`)
export type OnServer = NonNullable<ResultOf<typeof onServerQuery>['ride']>
