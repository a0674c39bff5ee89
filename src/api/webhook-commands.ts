/** What a rider does about his webhooks. */
import { isUnavailable } from '#database/faults.ts'
import type { WebhookDelivery } from '#webhooks/delivery.ts'
import type { Endpoint } from '#webhooks/endpoint.ts'
import type { UrlFault } from '#webhooks/target.ts'
import { mostEndpoints, type Secret, type Sending } from '#webhooks/webhooks.ts'
import { builder } from './builder.ts'
import type { RequestContext } from './context.ts'
import {
  ForbiddenError,
  InvalidInputError,
  OverloadedError,
  RateLimitedError,
  UnauthenticatedError,
} from './errors.ts'
import { writerOf } from './lack.ts'
import { uuidOf } from './ride-input.ts'
import { noSuchWebhook, Webhook, WebhookDeliveryRef, WebhookEventEnum } from './webhook.ts'

const errors = {
  types: [InvalidInputError, ForbiddenError, UnauthenticatedError, RateLimitedError, OverloadedError],
}

const asListed = 'As `webhooks` has it.'

const WebhookInput = builder.inputType('WebhookInput', {
  description: "One of the viewer's webhooks.",
  fields: (t) => ({ webhookId: t.id({ required: true, description: asListed }) }),
})

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'An address that is to be told of rides.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description: 'https, at a public address, without a user or password in it.',
    }),
    events: t.field({
      type: [WebhookEventEnum],
      required: true,
      description: 'What it is told, at least one.',
    }),
  }),
})

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'What is to change of a webhook. A field left out stays as it is.',
  fields: (t) => ({
    webhookId: t.id({ required: true, description: asListed }),
    url: t.string({ description: 'https, at a public address, without a user or password in it.' }),
    events: t.field({ type: [WebhookEventEnum], description: 'What it is told, at least one.' }),
    isEnabled: t.boolean({
      description: 'False stops it; true also enables one that was disabled for failing.',
    }),
  }),
})

const RedeliverWebhookInput = builder.inputType('RedeliverWebhookInput', {
  description: 'A message that is to be sent again.',
  fields: (t) => ({ deliveryId: t.id({ required: true, description: 'As `webhookDeliveries` has it.' }) }),
})

function withSecret(name: string, description: string) {
  return builder.objectRef<Secret>(name).implement({
    description,
    fields: (t) => ({
      webhook: t.field({ type: Webhook, description: 'As it is now.', resolve: ({ endpoint }) => endpoint }),
      secret: t.exposeString('secret', {
        description: 'What signatures are checked with (`whsec_…`). It is shown this once: keep it.',
      }),
    }),
  })
}

function withDelivery(name: string, description: string) {
  return builder.objectRef<WebhookDelivery>(name).implement({
    description,
    fields: (t) => ({
      delivery: t.field({
        type: WebhookDeliveryRef,
        description: 'Ask for it again to see what became of it.',
        resolve: (delivery) => delivery,
      }),
    }),
  })
}

const CreateWebhookPayload = withSecret('CreateWebhookPayload', 'The address is told of rides from now on.')
const RotateWebhookSecretPayload = withSecret(
  'RotateWebhookSecretPayload',
  'Messages are signed with the new secret too.',
)
const PingWebhookPayload = withDelivery('PingWebhookPayload', 'The message is on its way.')
const RedeliverWebhookPayload = withDelivery('RedeliverWebhookPayload', 'The message is on its way again.')
const UpdateWebhookPayload = builder.objectRef<Endpoint>('UpdateWebhookPayload').implement({
  description: 'The webhook is changed.',
  fields: (t) => ({
    webhook: t.field({ type: Webhook, description: 'As it is now.', resolve: (endpoint) => endpoint }),
  }),
})
const DeleteWebhookPayload = builder.objectRef<{ webhookId: string }>('DeleteWebhookPayload').implement({
  description: 'The webhook is gone.',
  fields: (t) => ({ webhookId: t.exposeID('webhookId', { description: 'That it had.' }) }),
})

builder.mutationField('createWebhook', (t) =>
  t.field({
    type: CreateWebhookPayload,
    description: `Has the viewer's rides told to an address, from now on. At most ${mostEndpoints} a rider. What is sent are ids, signed as Standard Webhooks has it (standardwebhooks.com); it comes at least once.`,
    args: { input: t.arg({ type: CreateWebhookInput, required: true, description: 'Where, and of what.' }) },
    errors,
    resolve: (_, { input: { url, events } }, context) =>
      asWriter(context, async (riderId) => {
        const created = await context.webhooks.create(riderId, { url, events })
        if (created.outcome === 'created') return created
        const { fault } = created
        if (fault === 'unknown rider') throw new UnauthenticatedError()
        if (fault !== 'too many') throw refusal(fault)
        throw new InvalidInputError(
          `You have ${mostEndpoints} webhooks, and no more may be had. Delete one, or change it.`,
          [],
        )
      }),
  }),
)

builder.mutationField('updateWebhook', (t) =>
  t.field({
    type: UpdateWebhookPayload,
    description: 'Changes where a webhook is, what it is told, and whether it is told anything.',
    args: {
      input: t.arg({
        type: UpdateWebhookInput,
        required: true,
        description: 'Which webhook, and what of it.',
      }),
    },
    errors,
    resolve: (_, { input: { webhookId, url, events, isEnabled } }, context) =>
      asWriter(context, async (riderId) => {
        const changed = await context.webhooks.change(riderId, uuidOf(webhookId, 'webhookId'), {
          url: url ?? undefined,
          events: events ?? undefined,
          isEnabled: isEnabled ?? undefined,
        })
        if (changed.outcome === 'refused') throw refusal(changed.fault)
        return found(changed.outcome === 'changed' ? changed.endpoint : undefined)
      }),
  }),
)

builder.mutationField('deleteWebhook', (t) =>
  t.field({
    type: DeleteWebhookPayload,
    description: 'Removes a webhook, with its secret and the log of what was sent.',
    args: { input: t.arg({ type: WebhookInput, required: true, description: 'Which webhook.' }) },
    errors,
    resolve: (_, { input }, context) =>
      asWriter(context, async (riderId) => {
        const webhookId = uuidOf(input.webhookId, 'webhookId')
        return found((await context.webhooks.remove(riderId, webhookId)) ? { webhookId } : undefined)
      }),
  }),
)

builder.mutationField('rotateWebhookSecret', (t) =>
  t.field({
    type: RotateWebhookSecretPayload,
    description:
      'Makes a new secret. For a day messages bear two signatures, of the new one and of the one before.',
    args: { input: t.arg({ type: WebhookInput, required: true, description: 'Which webhook.' }) },
    errors,
    resolve: (_, { input }, context) =>
      asWriter(context, async (riderId) =>
        found(await context.webhooks.rotate(riderId, uuidOf(input.webhookId, 'webhookId'))),
      ),
  }),
)

builder.mutationField('pingWebhook', (t) =>
  t.field({
    type: PingWebhookPayload,
    description:
      'Sends a message of the type `ping`, once, and not while another waits. `webhookDeliveries` shows what became of it.',
    args: { input: t.arg({ type: WebhookInput, required: true, description: 'Which webhook.' }) },
    errors,
    resolve: (_, { input }, context) =>
      asWriter(context, async (riderId) =>
        found(sent(await context.webhooks.ping(riderId, uuidOf(input.webhookId, 'webhookId')))),
      ),
  }),
)

builder.mutationField('redeliverWebhook', (t) =>
  t.field({
    type: RedeliverWebhookPayload,
    description:
      'Sends a message again now, with the id that it had, and as often as at first where it is not taken.',
    args: { input: t.arg({ type: RedeliverWebhookInput, required: true, description: 'Which message.' }) },
    errors,
    resolve: (_, { input }, context) =>
      asWriter(context, async (riderId) => {
        const deliveryId = uuidOf(input.deliveryId, 'deliveryId')
        const delivery = sent(await context.webhooks.redeliver(riderId, deliveryId))
        if (delivery !== undefined) return delivery
        const message = 'There is no such delivery. `webhookDeliveries` lists those of the last 30 days.'
        throw new InvalidInputError(message, ['deliveryId'])
      }),
  }),
)

function sent(sending: Sending): WebhookDelivery | undefined {
  if (sending.outcome === 'too often') throw new RateLimitedError(sending.retryAfter)
  return sending.outcome === 'waiting' ? sending.delivery : undefined
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new InvalidInputError(noSuchWebhook, ['webhookId'])
  return value
}

const refusals: Record<UrlFault, string> = {
  'no url': "'url' is no URL. Give one that begins with https://.",
  'too long': "'url' is longer than 2,000 characters. Shorten it.",
  'not https': "'url' has to begin with https://: what is sent may be read on its way otherwise.",
  credentials: "'url' holds a user or password. Leave them out: messages are signed, check that instead.",
  port: "'url' has a port that is not a web server's. Use 443, 80, or one from 1024 on.",
  private:
    "'url' leads to a private address. Give one that the whole internet reaches; who runs this server may allow others (WEBHOOKS_ALLOW_PRIVATE).",
}

function refusal(fault: UrlFault | 'no events'): InvalidInputError {
  if (fault !== 'no events') return new InvalidInputError(refusals[fault], ['url'])
  return new InvalidInputError("'events' is empty. Name at least one.", ['events'])
}

async function asWriter<T>({ viewer }: RequestContext, act: (riderId: string) => Promise<T>): Promise<T> {
  const riderId = writerOf(viewer)
  try {
    return await act(riderId)
  } catch (error) {
    throw isUnavailable(error) ? new OverloadedError() : error
  }
}
