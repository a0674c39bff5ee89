/** What the page asks so as to give a ride to others, or take it back. */
import { graphql } from '../graphql/graphql.ts'

export const shareRideMutation = graphql(`
  mutation ShareRide($input: ShareRideInput!) {
    shareRide(input: $input) {
      __typename
      ... on ShareRidePayload { url version }
      ... on Error { code message }
    }
  }
`)

export const unshareRideMutation = graphql(`
  mutation UnshareRide($input: UnshareRideInput!) {
    unshareRide(input: $input) {
      __typename
      ... on UnshareRidePayload { version }
      ... on Error { code message }
    }
  }
`)

export const setVisibilityMutation = graphql(`
  mutation SetVisibility($input: EditRideInput!) {
    editRide(input: $input) {
      __typename
      ... on EditRidePayload { version }
      ... on Error { code message }
    }
  }
`)
