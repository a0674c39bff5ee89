/** Webhooks: a rider's own, and the log of what was sent to them. */
import type { WebhookDelivery } from '#webhooks/delivery.ts'
import type { DisabledReason, Endpoint, WebhookEvent } from '#webhooks/endpoint.ts'
import type { SendFailure } from '#webhooks/send.ts'
import type { DeliveryPage } from '#webhooks/webhooks.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import { asGraphQLError } from './errors.ts'
import { lackOf } from './lack.ts'
import { isUuid } from './uuid.ts'

export const WebhookEventEnum = builder.enumType('WebhookEvent', {
  description: 'What a webhook is told of a ride.',
  values: {
    RIDE_FINISHED: {
      value: 'ride.finished' satisfies WebhookEvent,
      description: '`ride.finished`: it has ended, and its route and statistics are there.',
    },
    RIDE_DELETED: {
      value: 'ride.deleted' satisfies WebhookEvent,
      description: '`ride.deleted`: nothing is there any more. What happened just before may not be told.',
    },
    RIDE_EDITED: {
      value: 'ride.edited' satisfies WebhookEvent,
      description: '`ride.edited`: its title, description or visibility were set.',
    },
  } as const,
})

const WebhookDisabledReason = builder.enumType('WebhookDisabledReason', {
  description: 'Why nothing is sent to a webhook.',
  values: {
    FAILING: { description: 'It took nothing for five days.' },
    GONE: { description: 'It answered 410: it will not be back.' },
    RIDER: { description: 'Its rider asked for it.' },
  } satisfies Record<DisabledReason, object>,
})

const WebhookFailure = builder.enumType('WebhookFailure', {
  description: 'Why a message was not taken.',
  values: {
    ADDRESS_NOT_ALLOWED: { description: 'Its name leads to an address that is not public.' },
    NAME_NOT_FOUND: { description: 'Its name leads nowhere.' },
    CONNECTION_REFUSED: { description: 'Nobody listens there.' },
    CONNECTION_LOST: { description: 'It was connected to, and gave no answer that could be read.' },
    TLS: { description: 'Its certificate is not good for its name, or it speaks no TLS.' },
    TIMEOUT: { description: 'It gave no answer within ten seconds.' },
    REDIRECT: { description: 'It pointed elsewhere. Redirects are not followed: give that address.' },
    STATUS: { description: 'It answered something other than 2xx.' },
    SECRET_UNREADABLE: {
      description: "The server's AUTH_SECRET has changed. Rotate the webhook's secret.",
    },
  } satisfies Record<SendFailure, object>,
})

const WebhookDeliveryState = builder.enumType('WebhookDeliveryState', {
  description: 'What has become of a message.',
  values: {
    WAITING: { description: 'It is sent at `nextAttemptAt`.' },
    DELIVERED: { description: 'It was taken, with an answer of 2xx.' },
    FAILED: { description: 'It is not tried any more. `redeliverWebhook` sends it again.' },
  } as const,
})

export const Webhook = builder.objectRef<Endpoint>('Webhook').implement({
  description: "An address that is told what happens to its rider's rides.",
  fields: (t) => ({
    id: t.exposeID('endpointId', { description: 'To change and delete it by.' }),
    url: t.exposeString('url', { description: 'Where messages are sent.' }),
    events: t.field({
      type: [WebhookEventEnum],
      description: 'What it is told.',
      resolve: ({ events }) => [...events],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    failingSince: t.expose('failingSince', {
      type: 'DateTime',
      nullable: true,
      description: 'When a message was first not taken, since the last one that was.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when nothing is sent to it; null while it is enabled. `updateWebhook` enables it again.',
    }),
    disabledReason: t.expose('disabledReason', {
      type: WebhookDisabledReason,
      nullable: true,
      description: 'Null while it is enabled.',
    }),
  }),
})

export const WebhookDeliveryRef = builder.objectRef<WebhookDelivery>('WebhookDelivery').implement({
  description: 'A message to a webhook, and what has become of it.',
  fields: (t) => ({
    id: t.exposeID('deliveryId', { description: "The message's `webhook-id`: the same with every attempt." }),
    type: t.exposeString('type', { description: 'As the message names it, such as ride.finished; or ping.' }),
    rideId: t.exposeID('rideId', { nullable: true, description: 'Of which ride. Null of a ping.' }),
    rideVersion: t.exposeInt('rideVersion', {
      nullable: true,
      description: 'The version that the ride came to by what is told. Null of a ping.',
    }),
    happenedAt: t.expose('happenedAt', {
      type: 'DateTime',
      description: 'When what it tells of happened, by the server.',
    }),
    state: t.expose('state', { type: WebhookDeliveryState, description: 'What has become of it.' }),
    attempts: t.exposeInt('attempts', { description: 'How often it was sent.' }),
    lastAttemptAt: t.expose('lastAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last sent; null where it was not yet.',
    }),
    lastStatus: t.exposeInt('lastStatus', {
      nullable: true,
      description: 'The status number that the receiver answered, as HTTP has it; null where it did not.',
    }),
    lastFailure: t.expose('lastFailure', {
      type: WebhookFailure,
      nullable: true,
      description: 'Why it was not taken; null where it was, or was not sent yet.',
    }),
    lastDuration: t.float({
      nullable: true,
      description: 'Seconds until it answered, or was given up.',
      resolve: ({ lastDurationMs }) => (lastDurationMs === null ? null : lastDurationMs / 1000),
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is sent next; null where it is sent no more.',
    }),
  }),
})

const WebhookDeliveries = builder.objectRef<DeliveryPage>('WebhookDeliveries').implement({
  description: 'A page of what was sent to a webhook, newest first.',
  fields: (t) => ({
    deliveries: t.field({
      type: [WebhookDeliveryRef],
      description: 'The newest first.',
      // The page has said how many there are.
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ deliveries }) => [...deliveries],
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'There are older ones: ask behind the last one.' }),
  }),
})

builder.queryField('webhooks', (t) =>
  t.field({
    type: [Webhook],
    description: "The viewer's own webhooks, the oldest first. Takes the scope rides:read.",
    resolve: (_, __, { viewer, webhooks }) => webhooks.of(reader(viewer)),
  }),
)

const mostDeliveries = 100

builder.queryField('webhookDeliveries', (t) =>
  t.field({
    type: WebhookDeliveries,
    description:
      "What was sent to one of the viewer's webhooks in the last 30 days, newest first. Takes the scope rides:read.",
    args: {
      webhookId: t.arg.id({ required: true, description: 'As `webhooks` has it.' }),
      first: t.arg.int({
        required: true,
        defaultValue: 20,
        description: `How many, 1 to ${mostDeliveries}.`,
      }),
      after: t.arg.id({ description: 'The id of the last one that was seen.' }),
    },
    resolve: async (_, { webhookId, first, after }, { viewer, webhooks }) => {
      const riderId = reader(viewer)
      if (first < 1 || first > mostDeliveries) {
        throw asGraphQLError('INVALID_INPUT', `'first' is 1 to ${mostDeliveries}. Ask for fewer.`)
      }
      if (after != null && !isUuid(after)) {
        throw asGraphQLError('INVALID_INPUT', "'after' is the id of a delivery. Start again without it.")
      }
      const page = isUuid(webhookId)
        ? await webhooks.deliveries(riderId, webhookId, { first, after: after ?? undefined })
        : undefined
      if (page === undefined) throw asGraphQLError('INVALID_INPUT', noSuchWebhook)
      return page
    },
  }),
)

/** Of another rider, removed, or never there. */
export const noSuchWebhook = 'You have no such webhook. `webhooks` lists those that you have.'

function reader(viewer: RequestContext['viewer']): string {
  const lack = lackOf(viewer, 'rides:read')
  if (lack !== undefined) throw asGraphQLError(lack.code, lack.message)
  if (viewer.riderId === null) throw asGraphQLError('UNAUTHENTICATED', 'Sign in, or send a token.')
  return viewer.riderId
}
