/** The examples' documents. A tab is called by the first operation in it; lines are short, for half a window has to do. */

export interface Stage {
  readonly rideId: string
  readonly uploadId: string
  /** So many seconds from when the page was opened, as a DateTime. */
  readonly at: (seconds: number) => string
}

export const rider = ({ rideId, uploadId, at }: Stage) => `# For riders: a ride, from its start to its route.
# For another one put another rideId everywhere.

mutation Rider {
  startRide(input: {
    rideId: "${rideId}"
    startedAt: "${at(-60)}"
    title: "From GraphiQL"
    visibility: PRIVATE
  }) {
    ... on StartRidePayload { rideId version }
    ... on Error { code message }
  }
}

# 1 to 1000 positions. Sent again with the same
# uploadId, they are recorded once.
mutation RiderRecords {
  recordPositions(input: {
    rideId: "${rideId}"
    uploadId: "${uploadId}"
    positions: [
      { at: "${at(-50)}", latitude: 46.0505, longitude: 14.5068, altitude: 298, heartRate: 118, power: 140 }
      { at: "${at(-40)}", latitude: 46.0499, longitude: 14.5067, altitude: 298.2, heartRate: 124, power: 165 }
      { at: "${at(-30)}", latitude: 46.0493, longitude: 14.5065, altitude: 298.5, heartRate: 129, power: 170 }
      { at: "${at(-20)}", latitude: 46.0487, longitude: 14.5062, altitude: 298.4, heartRate: 131, power: 160 }
    ]
  }) {
    ... on RecordPositionsPayload {
      version
      accepted
      ride { progress { distance movingTime speed } }
    }
    ... on Error { code message }
  }
}

mutation RiderPauses {
  pauseRide(input: { rideId: "${rideId}" }) {
    ... on PauseRidePayload { version }
    ... on Error { code message }
  }
}

mutation RiderResumes {
  resumeRide(input: { rideId: "${rideId}" }) {
    ... on ResumeRidePayload { version }
    ... on Error { code message }
  }
}

mutation RiderEnds {
  endRide(input: { rideId: "${rideId}" }) {
    ... on EndRidePayload { version }
    ... on Error { code message }
  }
}

# A moment later it is FINISHED: its route is there.
query RiderLooksBack {
  ride(id: "${rideId}") {
    title
    status
    statistics {
      distance
      movingTime
      averageSpeed
      elevationGain
      averageHeartRate
      averagePower
    }
    route { geometry(tolerance: 10) }
  }
}

mutation RiderShares {
  shareRide(input: { rideId: "${rideId}" }) {
    ... on ShareRidePayload { url }
    ... on Error { code message }
  }
}
`

export const dashboard = ({ rideId }: Stage) => `# For dashboards: who rides now, one ride as it
# happens, and the history.

subscription Dashboard {
  liveRides {
    snapshot
    rides {
      rideId
      title
      status
      rider { name }
      position { latitude longitude speed }
      progress { distance }
    }
    removed
  }
}

# The ride of the first tab, once it is started.
# With after: the last cursor seen, it goes on
# exactly behind that.
subscription DashboardFollows {
  rideFeed(rideId: "${rideId}") {
    cursor
    type
    status
    at
    positions { at latitude longitude heartRate power }
    progress { distance movingTime }
  }
}

query DashboardLists {
  rides(first: 10, filter: { status: [FINISHED] }) {
    totalCount
    nodes {
      id
      title
      startedAt
      rider { name }
      statistics { distance movingTime }
      route { polylines(tolerance: 50) }
    }
    pageInfo { hasNextPage endCursor }
  }
}

query DashboardCharts {
  ride(id: "${rideId}") {
    streams(resolution: 200) {
      time
      distance
      altitude
      speed
      heartRate
      power
    }
    splits { index distance movingTime averageSpeed }
  }
}

query DashboardAddsUp {
  viewer {
    name
    totals(period: MONTH) { from rides distance movingTime elevationGain }
    records { longest { id title } fastest { distance time } }
  }
}
`

export const integrator = ({ at }: Stage) => `# For other services: a copy of all rides that is
# kept up, and messages when one has changed.

# Ask again with after: the cursor of the answer,
# at once where there is more.
query Integrator {
  rideChanges(first: 100) {
    cursor
    hasMore
    changes {
      rideId
      version
      ride { title status statistics { distance } }
    }
  }
}

# Give an address of yours: at this one nobody listens.
mutation IntegratorIsTold {
  createWebhook(input: {
    url: "https://rides.example/hook"
    events: [RIDE_FINISHED, RIDE_EDITED, RIDE_DELETED]
  }) {
    ... on CreateWebhookPayload { webhook { id url events } secret }
    ... on Error { code message }
  }
}

query IntegratorListsWebhooks {
  webhooks { id url events failingSince disabledReason }
}

# A key for a program, shown this once, and good for
# an hour: Authorization: Bearer slip_…
mutation IntegratorMakesKey {
  createApiKey(input: {
    name: "From GraphiQL"
    scopes: [RIDES_READ]
    expiresAt: "${at(3_600)}"
  }) {
    ... on CreateApiKeyPayload { secret apiKey { id prefix scopes expiresAt } }
    ... on Error { code message }
  }
}

query IntegratorListsKeys {
  apiKeys { id name prefix scopes expiresAt lastUsedAt }
}
`

export const administrator = ({ rideId }: Stage) => `# For administrators: how the server stands.
# Others are told FORBIDDEN.

query Administrator {
  isAdministrator
  projections {
    name
    version
    state
    parkedRides
    partitions { partition position head behind behindSince }
  }
}

# Rides that a projection could not take further:
# retryParkedRide and skipParkedRide are for them.
query AdministratorLooksForParkedRides {
  parkedRides {
    rideId
    projection
    eventType
    attempts
    parkedAt
    error { summary where }
  }
}

query AdministratorReadsLog {
  logEvents(first: 20) {
    events { streamName type version position recordedAt bytes }
    cursor
  }
}

# The ride of the first tab, event by event. What
# others wrote or measured is withheld.
query AdministratorReadsRide {
  logStream(name: "${rideId}") {
    version
    status
    events {
      version
      type
      at
      recordedAt
      positionCount
      content { isWithheld metadata }
    }
  }
}

subscription AdministratorFollowsLog {
  logFeed { snapshot notShown events { type version recordedAt } }
}
`
