/** In which order operations are shown, and to whom they matter. One that is not named here comes last, and a test says so. */

export interface Subject {
  /** For the address of the page. */
  readonly id: string
  readonly title: string
  readonly about: string
  readonly operations: readonly string[]
}

export const subjects: readonly Subject[] = [
  {
    id: 'riders',
    title: 'Riders: record a ride',
    about: 'What a phone or a bike computer sends, and what its rider does with the ride afterwards.',
    operations: [
      ...['startRide', 'recordPositions', 'pauseRide', 'resumeRide', 'endRide', 'editRide', 'deleteRide'],
      ...['shareRide', 'unshareRide'],
      ...['privacyZones', 'addPrivacyZone', 'changePrivacyZone', 'removePrivacyZone'],
    ],
  },
  {
    id: 'viewers',
    title: 'Viewers: watch and look back',
    about: 'What maps, dashboards and pages of history ask. Without signing in it shows public rides.',
    operations: ['liveRides', 'rideFeed', 'ride', 'rides', 'rider', 'viewer'],
  },
  {
    id: 'integrators',
    title: 'Integrators: keep a copy, be told',
    about: 'What other services need: a copy that is kept up, messages when a ride has changed, and keys.',
    operations: [
      'rideChanges',
      ...['webhooks', 'webhookDeliveries', 'createWebhook', 'updateWebhook', 'deleteWebhook'],
      ...['pingWebhook', 'redeliverWebhook', 'rotateWebhookSecret'],
      ...['apiKeys', 'createApiKey', 'revokeApiKey'],
    ],
  },
  {
    id: 'administrators',
    title: 'Administrators: look after the server',
    about: 'How the log and the tables made from it stand, and what to do where a ride is stuck.',
    operations: [
      'isAdministrator',
      ...['logFeed', 'logEvents', 'logStreams', 'logStream'],
      ...['projections', 'rebuildProjection', 'cancelRebuild'],
      ...['parkedRides', 'retryParkedRide', 'skipParkedRide'],
    ],
  },
]
