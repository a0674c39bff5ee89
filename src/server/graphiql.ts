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

/** @param introspection whether the schema may be asked for: without, GraphiQL knows no fields, and says why. */
export function graphiqlOf({ introspection }: { readonly introspection: boolean }) {
  return {
    title: 'Slipstream API',
    defaultQuery: introspection ? firstQuery : `${silent}${firstQuery}`,
    subscriptionsProtocol: 'WS',
  } as const
}

const silent = `# This server does not tell its schema (GRAPHQL_INTROSPECTION=off), so that nothing is completed and explained here.
# Operations are carried out all the same; the schema.graphql of its release says what there is.
`
