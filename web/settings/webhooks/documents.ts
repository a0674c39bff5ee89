/** What the page asks about webhooks. */
import { graphql, type ResultOf } from '../../graphql/graphql.ts'

export const webhooksQuery = graphql(`
  query Webhooks {
    webhooks { id url events createdAt failingSince disabledAt disabledReason }
  }
`)
export type Webhook = ResultOf<typeof webhooksQuery>['webhooks'][number]
export type WebhookEvent = Webhook['events'][number]

export const deliveriesQuery = graphql(`
  query WebhookDeliveries($webhookId: ID!, $first: Int!, $after: ID) {
    webhookDeliveries(webhookId: $webhookId, first: $first, after: $after) {
      hasMore
      deliveries {
        id type rideId happenedAt state attempts lastAttemptAt lastStatus lastFailure lastDuration nextAttemptAt
      }
    }
  }
`)
export type Delivery = ResultOf<typeof deliveriesQuery>['webhookDeliveries']['deliveries'][number]

export const createWebhookMutation = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      __typename
      ... on CreateWebhookPayload { secret webhook { id url } }
      ... on Error { code message }
    }
  }
`)

export const updateWebhookMutation = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      __typename
      ... on Error { code message }
    }
  }
`)

export const deleteWebhookMutation = graphql(`
  mutation DeleteWebhook($input: WebhookInput!) {
    deleteWebhook(input: $input) {
      __typename
      ... on Error { code message }
    }
  }
`)

export const rotateWebhookSecretMutation = graphql(`
  mutation RotateWebhookSecret($input: WebhookInput!) {
    rotateWebhookSecret(input: $input) {
      __typename
      ... on RotateWebhookSecretPayload { secret }
      ... on Error { code message }
    }
  }
`)

export const pingWebhookMutation = graphql(`
  mutation PingWebhook($input: WebhookInput!) {
    pingWebhook(input: $input) {
      __typename
      ... on PingWebhookPayload { delivery { id } }
      ... on Error { code message }
    }
  }
`)

export const redeliverWebhookMutation = graphql(`
  mutation RedeliverWebhook($input: RedeliverWebhookInput!) {
    redeliverWebhook(input: $input) {
      __typename
      ... on RedeliverWebhookPayload { delivery { id } }
      ... on Error { code message }
    }
  }
`)
