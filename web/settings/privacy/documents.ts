/** What the page asks about privacy zones. */
import { graphql, type ResultOf } from '../../graphql/graphql.ts'

export const privacyZonesQuery = graphql(`
  query PrivacyZones {
    privacyZones { id name latitude longitude radius }
  }
`)
export type PrivacyZone = ResultOf<typeof privacyZonesQuery>['privacyZones'][number]

export const addPrivacyZoneMutation = graphql(`
  mutation AddPrivacyZone($input: AddPrivacyZoneInput!) {
    addPrivacyZone(input: $input) {
      __typename
      ... on AddPrivacyZonePayload { privacyZone { id } }
      ... on Error { code message }
    }
  }
`)

export const changePrivacyZoneMutation = graphql(`
  mutation ChangePrivacyZone($input: ChangePrivacyZoneInput!) {
    changePrivacyZone(input: $input) {
      __typename
      ... on Error { code message }
    }
  }
`)

export const removePrivacyZoneMutation = graphql(`
  mutation RemovePrivacyZone($input: RemovePrivacyZoneInput!) {
    removePrivacyZone(input: $input) {
      __typename
      ... on Error { code message }
    }
  }
`)

export const viewerQuery = graphql(`
  query Viewer {
    viewer { id }
  }
`)

/** To 10 metres the server keeps routes thinned: some 3 kB of a ride of 80 km. */
export const ownRidesQuery = graphql(`
  query OwnRides($riderId: ID!, $first: Int!) {
    rides(filter: { riderId: $riderId, status: [FINISHED] }, first: $first) {
      edges { node { id route { polylines(tolerance: 10) boundingBox { west south east north } } } }
    }
  }
`)
