/** What the history asks. */
import { graphql, type ResultOf } from '../graphql/graphql.ts'

const historyRideFragment = graphql(`
  fragment HistoryRide on Ride {
    id
    version
    status
    title
    startedAt
    timeZone
    rider { id name }
    progress { distance movingTime }
    statistics { distance movingTime elevationGain }
    route { polylines(tolerance: 50) boundingBox { west south east north } }
  }
`)
export type HistoryRide = ResultOf<typeof historyRideFragment>

/** A page of 30 costs the server some 200 of the 5,000 that it takes, and 700 where it looks in an area. */
export const historyQuery = graphql(
  `
    query History($first: Int!, $after: String, $filter: RideFilter, $orderBy: RideOrder) {
      rides(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        nodes { ...HistoryRide }
        pageInfo { hasNextPage endCursor }
      }
    }
  `,
  [historyRideFragment],
)

/** By itself: to count takes longer than to list, and is done once a search. */
export const historyCountQuery = graphql(`
  query HistoryCount($filter: RideFilter) {
    rides(first: 0, filter: $filter) { totalCount totalCountIsExact }
  }
`)

export const historyViewerQuery = graphql(`
  query HistoryViewer {
    viewer { id }
  }
`)

const riderTotalFragment = graphql(`
  fragment Total on RiderTotal { from rides distance movingTime elevationGain }
`)
export type Total = ResultOf<typeof riderTotalFragment>

export const totalsQuery = graphql(
  `
    query Totals($period: TotalsPeriod!, $from: String, $to: String) {
      viewer { totals(period: $period, from: $from, to: $to) { ...Total } }
    }
  `,
  [riderTotalFragment],
)

const recordRideFragment = graphql(`
  fragment RecordRide on Ride {
    id
    title
    startedAt
    timeZone
    statistics { distance movingTime elevationGain }
  }
`)
export type RecordRide = ResultOf<typeof recordRideFragment>

export const recordsQuery = graphql(
  `
    query Records {
      viewer {
        records {
          longest { ...RecordRide }
          mostClimbing { ...RecordRide }
          fastest { distance time ride { ...RecordRide } }
        }
      }
    }
  `,
  [recordRideFragment],
)
export type Records = NonNullable<ResultOf<typeof recordsQuery>['viewer']>['records']
