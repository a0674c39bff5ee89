/** What may be set of the limits, by the environment: docs/limits.md says what each is for. */
import { z } from 'zod'

export interface LimitSettings {
  /** Of one operation. Infinity where a limit is off. */
  readonly cost: number
  /** Of a credential, or of an address where nobody is signed in. */
  readonly requestsPerMinute: number
  readonly costPerMinute: number
  readonly positionsPerSecond: number
  readonly anonymousRequestsPerMinute: number
  /** At the same time, of a credential or address. */
  readonly subscriptions: number
  readonly sockets: number
  /** Of one socket. */
  readonly messagesPerSecond: number
  readonly executionMs: number
  readonly introspection: boolean
  /** Origins whose pages may ask; `*`: all, without credentials. */
  readonly corsOrigins: readonly string[]
}

/**
 * An integrator's key serves a fleet: 1,000 requests and 10,000 positions a second are a fifth of what a small machine takes.
 * Nobody signed in is a map in a browser.
 */
export const limitVariables = {
  LIMIT_COST: limit(5_000),
  LIMIT_REQUESTS_PER_MINUTE: limit(60_000),
  LIMIT_COST_PER_MINUTE: limit(600_000),
  LIMIT_POSITIONS_PER_SECOND: limit(10_000),
  LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE: limit(600),
  LIMIT_SUBSCRIPTIONS: limit(1_000),
  LIMIT_SOCKETS: limit(1_000),
  LIMIT_MESSAGES_PER_SECOND: limit(100),
  LIMIT_EXECUTION_SECONDS: limit(20),
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off'], 'is on or off').default('on'),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine(
      (origins) => origins.every(isOrigin),
      'is a list of origins such as https://rides.example.org, with commas between them, or *',
    ),
} as const

type Given = z.infer<z.ZodObject<typeof limitVariables>>

export function limitsOf(given: Given): LimitSettings {
  return {
    cost: given.LIMIT_COST,
    requestsPerMinute: given.LIMIT_REQUESTS_PER_MINUTE,
    costPerMinute: given.LIMIT_COST_PER_MINUTE,
    positionsPerSecond: given.LIMIT_POSITIONS_PER_SECOND,
    anonymousRequestsPerMinute: given.LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE,
    subscriptions: given.LIMIT_SUBSCRIPTIONS,
    sockets: given.LIMIT_SOCKETS,
    messagesPerSecond: given.LIMIT_MESSAGES_PER_SECOND,
    executionMs: given.LIMIT_EXECUTION_SECONDS * 1_000,
    introspection: given.GRAPHQL_INTROSPECTION === 'on',
    corsOrigins: given.CORS_ORIGINS,
  }
}

export const usualLimits: LimitSettings = limitsOf(z.object(limitVariables).parse({}))

/** `off` and 0 take it away. */
function limit(usual: number) {
  return z
    .string()
    .default(String(usual))
    .refine((text) => text === 'off' || /^\d{1,15}$/.test(text), 'is a whole number, or off')
    .transform((text) => (text === 'off' || Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text)))
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text)
}
