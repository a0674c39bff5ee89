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

/** `off` and 0 take it away. */
const limit = z
  .string()
  .refine((text) => text === 'off' || /^\d{1,15}$/.test(text), 'is a whole number, or off')
  .transform((text) => (text === 'off' || Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text)))
const countedLimit = limit.optional()

/**
 * An integrator's key serves a fleet: 1,000 requests and 10,000 positions a second are a fifth of what a small machine takes.
 * Nobody signed in is a map in a browser. What is counted of who comes is so where people sign in; a server that only its own
 * machine reaches counts nobody, whoever brings a key, unless it is told to.
 */
export const limitVariables = {
  LIMIT_COST: limit.default(5_000),
  LIMIT_REQUESTS_PER_MINUTE: countedLimit,
  LIMIT_COST_PER_MINUTE: countedLimit,
  LIMIT_POSITIONS_PER_SECOND: countedLimit,
  LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE: countedLimit,
  LIMIT_SUBSCRIPTIONS: countedLimit,
  LIMIT_SOCKETS: countedLimit,
  LIMIT_MESSAGES_PER_SECOND: countedLimit,
  LIMIT_EXECUTION_SECONDS: limit.default(20),
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

/** `signsIn`: whether people do. */
export function limitsOf(given: Given, { signsIn }: { readonly signsIn: boolean }): LimitSettings {
  const counted = (set: number | undefined, usual: number) =>
    set ?? (signsIn ? usual : Number.POSITIVE_INFINITY)
  return {
    cost: given.LIMIT_COST,
    requestsPerMinute: counted(given.LIMIT_REQUESTS_PER_MINUTE, 60_000),
    costPerMinute: counted(given.LIMIT_COST_PER_MINUTE, 600_000),
    positionsPerSecond: counted(given.LIMIT_POSITIONS_PER_SECOND, 10_000),
    anonymousRequestsPerMinute: counted(given.LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE, 600),
    subscriptions: counted(given.LIMIT_SUBSCRIPTIONS, 1_000),
    sockets: counted(given.LIMIT_SOCKETS, 1_000),
    messagesPerSecond: counted(given.LIMIT_MESSAGES_PER_SECOND, 100),
    executionMs: given.LIMIT_EXECUTION_SECONDS * 1_000,
    introspection: given.GRAPHQL_INTROSPECTION === 'on',
    corsOrigins: given.CORS_ORIGINS,
  }
}

/** Where people sign in. */
export const usualLimits: LimitSettings = limitsOf(z.object(limitVariables).parse({}), { signsIn: true })

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text)
}
