/** What the page asks about API keys. */
import { graphql, type ResultOf } from '../../graphql/graphql.ts'

export const apiKeysQuery = graphql(`
  query ApiKeys {
    apiKeys { id name prefix scopes createdAt expiresAt lastUsedAt }
  }
`)
export type ApiKey = ResultOf<typeof apiKeysQuery>['apiKeys'][number]

export const createApiKeyMutation = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeyPayload { secret apiKey { id } }
      ... on Error { code message }
    }
  }
`)

export const revokeApiKeyMutation = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      __typename
      ... on Error { code message }
    }
  }
`)
