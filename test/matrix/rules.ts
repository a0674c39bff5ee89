/**
 * Who may see what: every field of the schema has its word here, and a test finds the one that has none. What is said of a ride
 * holds for whom the ride itself is shown: its rider, everybody where it is public or unlisted, who has a link that holds.
 */

export type Rule =
  /** Everybody to whom the ride is shown is shown this as it is. */
  | 'as its rider'
  /** Others are shown what is left of it outside privacy zones; of a ride without zones all of it. */
  | 'what is visible'
  /** Others are given a text of their own, which tells nothing of the log. */
  | 'sealed'
  /** Others count what they are shown: no zones, and no share links. */
  | 'counted'
  /** Others are told null, or where there is no null to tell an error. */
  | 'its rider alone'
  /** Each finds the rides in it that are shown to him. */
  | 'shown rides'
  /** What belongs to whoever asks; somebody else's is to him as if it were not. */
  | 'own'
  /** Changes a ride, and is its rider's alone, with a credential that may write. */
  | 'its rider writes'
  /** Makes what is then one's own, with a credential that may write. */
  | 'signed in'
  | 'administrators'
  /** For administrators, and of others' rides without all that their riders wrote or measured. */
  | 'withheld'
  /** Tells of the answer or of the asker's own request, and of nobody else. */
  | 'of the answer'

/** By type, by rule: the names of its fields. */
export const rules: Readonly<Record<string, Partial<Record<Rule, string>>>> = {
  Query: {
    'shown rides': 'ride rides rideChanges rider',
    own: 'viewer apiKeys privacyZones webhooks webhookDeliveries',
    administrators: 'projections parkedRides logStreams logStream logEvents',
    'of the answer': 'isAdministrator',
  },
  Mutation: {
    'its rider writes':
      'recordPositions pauseRide resumeRide endRide editRide deleteRide shareRide unshareRide',
    'signed in': 'startRide createWebhook createApiKey addPrivacyZone',
    own: 'updateWebhook deleteWebhook pingWebhook redeliverWebhook rotateWebhookSecret revokeApiKey changePrivacyZone removePrivacyZone',
    administrators: 'rebuildProjection cancelRebuild retryParkedRide skipParkedRide',
  },
  Subscription: { 'shown rides': 'rideFeed liveRides', administrators: 'logFeed' },

  Ride: {
    'as its rider': 'id rider status title description visibility finishedAt',
    'what is visible': 'startedAt endedAt timeZone latestPosition progress route statistics splits streams',
    sealed: 'cursor',
    counted: 'version',
    'its rider alone': 'shares events',
  },
  RideEventConnection: { 'its rider alone': 'edges nodes pageInfo' },
  RideEventEdge: { 'its rider alone': 'cursor node' },
  RideEvent: { 'its rider alone': 'id version type at recordedAt positions' },
  RideShare: { 'its rider alone': 'id expiresAt' },
  Rider: { 'as its rider': 'id name', 'shown rides': 'totals records' },
  RiderTotal: { 'shown rides': 'from rides distance movingTime elapsedTime elevationGain' },
  RiderRecords: { 'shown rides': 'longest mostClimbing fastest' },
  FastestStretch: { 'shown rides': 'distance time ride' },
  Position: {
    'what is visible':
      'at latitude longitude altitude speed heading accuracy heartRate cadence power battery',
  },
  RideProgress: { 'what is visible': 'distance movingTime timerTime speed' },
  Route: {
    'what is visible': 'geometry polylines boundingBox pointCount excluded',
    'its rider alone': 'excludedPositions',
  },
  BoundingBox: { 'what is visible': 'west south east north' },
  ExcludedPosition: { 'its rider alone': 'at latitude longitude reason' },
  ExcludedPositions: { 'what is visible': 'reason count' },
  RideStatistics: {
    'what is visible':
      'distance elapsedTime timerTime movingTime averageSpeed maxSpeed elevationGain elevationLoss averageHeartRate maxHeartRate averageCadence averagePower',
  },
  Split: { 'what is visible': 'index distance elapsedTime movingTime averageSpeed elevationChange' },
  RideStreams: {
    'what is visible':
      'time distance movingTime movingDistance elevationGain segment latitude longitude altitude speed heartRate cadence power originalSize',
  },
  RideFeedItem: {
    'what is visible': 'type status at positions progress',
    sealed: 'cursor',
    counted: 'version',
  },
  LiveRides: { 'shown rides': 'rides removed', 'of the answer': 'snapshot' },
  LiveRide: {
    'as its rider': 'rideId rider status title',
    'what is visible': 'startedAt updatedAt position progress',
    counted: 'version',
  },
  RideConnection: { 'shown rides': 'edges nodes totalCount totalCountIsExact', 'of the answer': 'pageInfo' },
  RideChanges: { 'shown rides': 'changes cursor hasMore' },
  RideChange: { 'shown rides': 'rideId version ride' },
  RideEdge: { 'shown rides': 'node', 'of the answer': 'cursor' },
  PageInfo: { 'of the answer': 'hasNextPage hasPreviousPage startCursor endCursor' },

  StartRidePayload: { 'of the answer': 'rideId version cursor ride' },
  RecordPositionsPayload: { 'of the answer': 'rideId version cursor accepted ride' },
  PauseRidePayload: { 'of the answer': 'rideId version cursor ride' },
  ResumeRidePayload: { 'of the answer': 'rideId version cursor ride' },
  EndRidePayload: { 'of the answer': 'rideId version cursor ride' },
  EditRidePayload: { 'of the answer': 'rideId version cursor ride' },
  DeleteRidePayload: { 'of the answer': 'rideId version' },

  ShareRidePayload: { 'of the answer': 'rideId version cursor ride share token url' },
  UnshareRidePayload: { 'of the answer': 'rideId version cursor ride' },

  PrivacyZone: { own: 'id name latitude longitude radius createdAt' },
  AddPrivacyZonePayload: { own: 'privacyZone' },
  ChangePrivacyZonePayload: { own: 'privacyZone' },
  RemovePrivacyZonePayload: { own: 'id' },

  ApiKey: { own: 'id name prefix scopes createdAt expiresAt lastUsedAt' },
  CreateApiKeyPayload: { own: 'apiKey secret' },
  RevokeApiKeyPayload: { own: 'id' },

  Webhook: { own: 'id url events createdAt failingSince disabledAt disabledReason' },
  WebhookDeliveries: { own: 'deliveries hasMore' },
  WebhookDelivery: {
    own: 'id type rideId rideVersion happenedAt state attempts lastAttemptAt lastStatus lastFailure lastDuration nextAttemptAt',
  },
  CreateWebhookPayload: { own: 'webhook secret' },
  UpdateWebhookPayload: { own: 'webhook' },
  DeleteWebhookPayload: { own: 'webhookId' },
  PingWebhookPayload: { own: 'delivery' },
  RedeliverWebhookPayload: { own: 'delivery' },
  RotateWebhookSecretPayload: { own: 'webhook secret' },

  Projection: { administrators: 'name version state since partitions parkedRides' },
  ProjectionPartition: { administrators: 'partition position head behind behindSince' },
  ProjectionFault: { administrators: 'summary where' },
  ParkedRide: {
    administrators: 'rideId rideVersion eventType projection projectionVersion attempts parkedAt error',
  },
  ParkedRideOutcome: { administrators: 'projection projectionVersion isParked events error rideVersion' },
  RebuildProjectionPayload: { administrators: 'name version isNew' },
  CancelRebuildPayload: { administrators: 'name version' },
  RetryParkedRidePayload: { administrators: 'rideId outcomes' },
  SkipParkedRidePayload: { administrators: 'rideId outcomes' },

  LogStreamPage: { administrators: 'streams cursor' },
  LogStream: {
    administrators:
      'name isOwn partition version status isDeleted isRedacted position newestType recordedAt events event',
  },
  LogStreamEvent: {
    administrators: 'version position type schemaVersion eventId recordedAt at bytes positionCount content',
  },
  LogEventContent: { administrators: 'isWithheld', withheld: 'data metadata positions' },
  LogEventPage: { administrators: 'events cursor' },
  LogEvent: { administrators: 'streamName partition position version type schemaVersion recordedAt bytes' },
  LogFeedUpdate: { administrators: 'snapshot events notShown' },

  RideNotFoundError: { 'of the answer': 'message code' },
  RideNotActiveError: { 'of the answer': 'message code status' },
  InvalidTransitionError: { 'of the answer': 'message code status' },
  InvalidInputError: { 'of the answer': 'message code path' },
  VersionConflictError: { 'of the answer': 'message code actualVersion' },
  IdTakenError: { 'of the answer': 'message code' },
  ForbiddenError: { 'of the answer': 'message code' },
  UnauthenticatedError: { 'of the answer': 'message code' },
  RateLimitedError: { 'of the answer': 'message code retryAfter' },
  OverloadedError: { 'of the answer': 'message code retryAfter' },
}

export function ruleOf(type: string, field: string): Rule | undefined {
  const found = Object.entries(rules[type] ?? {}).find(([, fields]) => fields.split(' ').includes(field))
  return found?.[0] as Rule | undefined
}

export function fieldsWith(type: string, rule: Rule): readonly string[] {
  return rules[type]?.[rule]?.split(' ') ?? []
}
