/** GraphiQL, as it opens. */

const firstQuery = `# Slipstream's API. Ctrl-Enter runs the operation under the cursor; the book icon shows the schema.
query Rides {
  rides(first: 10) {
    totalCount
    nodes { id title status startedAt progress { distance movingTime } }
  }
}

mutation Start {
  startRide(input: { title: "Morning ride" }) {
    ... on StartRidePayload { rideId version }
    ... on Error { code message }
  }
}

subscription Live {
  liveRides { snapshot removed rides { rideId title status progress { distance } position { latitude longitude } } }
}
`

export const graphiql = {
  title: 'Slipstream API',
  defaultQuery: firstQuery,
  subscriptionsProtocol: 'WS',
} as const
