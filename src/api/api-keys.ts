/** API keys: which ones a rider has, and how he makes and revokes them. */
import { isUnavailable } from '#database/faults.ts'
import { type ApiKey, type MadeApiKey, mostKeys } from '#identity/api-keys.ts'
import type { Viewer } from '#rights/viewer.ts'
import { builder } from './builder.ts'
import {
  asGraphQLError,
  ForbiddenError,
  InvalidInputError,
  OverloadedError,
  RateLimitedError,
  UnauthenticatedError,
} from './errors.ts'
import { lackOf, writerOf } from './lack.ts'
import { textInput, uuidOf } from './ride-input.ts'

const errors = {
  types: [InvalidInputError, ForbiddenError, UnauthenticatedError, RateLimitedError, OverloadedError],
}

const longestName = 100

const ApiKeyScope = builder.enumType('ApiKeyScope', {
  description: 'What a key may be used for. One that is not named, a key may not.',
  values: {
    RIDES_READ: {
      value: 'rides:read',
      description: "Reading the rider's own rides, whoever else may see them.",
    },
    RIDES_WRITE: {
      value: 'rides:write',
      description:
        "Starting, recording, editing and deleting the rider's rides, and what else changes something of his.",
    },
    ADMIN: { value: 'admin', description: 'Looking after the server. Only administrators can give it.' },
  } as const,
})

const ApiKeyRef = builder.objectRef<ApiKey>('ApiKey').implement({
  description:
    'What a program brings in place of its rider: `Authorization: Bearer slip_…`. The secret is not kept.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'To revoke it by. It is not the secret.' }),
    name: t.exposeString('name', { description: 'What it is for, in the words of its rider.' }),
    prefix: t.exposeString('prefix', { description: "The secret's first characters, to know it by." }),
    scopes: t.field({
      type: [ApiKeyScope],
      description: 'What it may be used for.',
      resolve: ({ scopes }) => [...scopes],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From then on it is no good; null: until it is revoked.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'To within a minute or two; null where it never was.',
    }),
  }),
})

builder.queryField('apiKeys', (t) =>
  t.field({
    type: [ApiKeyRef],
    complexity: { field: 1, multiplier: mostKeys },
    description: `The viewer's own keys, the newest first; not those that are revoked. At most ${mostKeys}.`,
    resolve: (_, __, { viewer, keys }) => {
      const lack = lackOf(viewer, 'rides:read')
      if (lack !== undefined) throw asGraphQLError(lack.code, lack.message)
      return viewer.riderId === null ? [] : keys.of(viewer.riderId)
    },
  }),
)

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key that is to be made.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for, so that you know it again.' }),
    scopes: t.field({
      type: [ApiKeyScope],
      required: true,
      description: 'At least one, and none that you do not have yourself.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'Left out, it is good until it is revoked. A key made with a key expires no later than that one.',
    }),
  }),
})

const CreateApiKeyPayload = builder.objectRef<MadeApiKey>('CreateApiKeyPayload').implement({
  description: 'The key is good from now on.',
  fields: (t) => ({
    apiKey: t.field({ type: ApiKeyRef, description: 'What is kept of it.', resolve: ({ key }) => key }),
    secret: t.exposeString('secret', {
      description: 'The key itself (`slip_…`). It is shown this once: keep it.',
    }),
  }),
})

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: CreateApiKeyPayload,
    description: 'Makes a key for the viewer. Sent again it makes another one: revoke what you do not use.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key to make.' }) },
    errors,
    resolve: async (_, { input }, { viewer, keys, now }) => {
      const riderId = writerOf(viewer)
      const name = nameIn(input.name)
      if (input.scopes.length === 0) {
        throw new InvalidInputError('A key needs a scope: send RIDES_READ, RIDES_WRITE or both.', ['scopes'])
      }
      const lacking = input.scopes.find((scope) => !viewer.scopes.has(scope))
      if (lacking !== undefined) {
        throw new ForbiddenError(
          `You do not have the scope ${lacking} yourself, so no key of yours can have it.`,
        )
      }
      const scopes = [...new Set(input.scopes)]
      const expiresAt = expiryOf(viewer, input.expiresAt ?? null, now())
      const madeWith = viewer.boundTo?.keyId
      const making = await orOverloaded(keys.make({ riderId, name, scopes, expiresAt, madeWith }))
      if (making.outcome === 'too many') {
        throw new ForbiddenError(`You have ${mostKeys} keys. Revoke those that nobody uses.`)
      }
      return making
    },
  }),
)

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'A key that is to be good no more.',
  fields: (t) => ({ id: t.id({ required: true, description: 'As `apiKeys` has it.' }) }),
})

const RevokeApiKeyPayload = builder.objectRef<{ readonly id: string }>('RevokeApiKeyPayload').implement({
  description: 'The key is good no more.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'Of the key that was revoked.' }) }),
})

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    type: RevokeApiKeyPayload,
    description:
      'Revokes a key of the viewer, and all keys that were made with it. No server takes it ten seconds later, this one none from now on; what is subscribed to with it ends. Sent again it is the same.',
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'The key to revoke.' }) },
    errors,
    resolve: async (_, { input }, { viewer, keys }) => {
      const riderId = writerOf(viewer)
      const id = uuidOf(input.id, 'id')
      if ((await orOverloaded(keys.revoke(riderId, id))) === undefined) {
        throw new InvalidInputError('You have no such key. `apiKeys` lists those that you have.', ['id'])
      }
      return { id }
    },
  }),
)

function nameIn(given: string): string {
  const name = textInput(given, 'name', longestName)
  if (name === null) throw new InvalidInputError('A key needs a name, so that you know it again.', ['name'])
  return name
}

/** What is made with something that ends does not outlive it. */
function expiryOf({ boundTo }: Viewer, asked: number | null, now: number): number | null {
  if (asked !== null && asked <= now) {
    throw new InvalidInputError("'expiresAt' has passed already. Send a time to come, or leave it out.", [
      'expiresAt',
    ])
  }
  const latest = boundTo?.expiresAt ?? null
  if (latest === null) return asked
  return asked === null ? latest : Math.min(asked, latest)
}

async function orOverloaded<T>(acting: Promise<T>): Promise<T> {
  try {
    return await acting
  } catch (error) {
    throw isUnavailable(error) ? new OverloadedError() : error
  }
}
