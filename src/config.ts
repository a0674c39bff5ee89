/** The environment, parsed once; every fault is named at once. Nothing else reads `process.env`. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { type LogLevel, logLevels } from '#server/faults.ts'
import { type LimitSettings, limitsOf, limitVariables } from '#server/limits/settings.ts'
import { isEverywhere } from '#server/loopback.ts'
import { type TracingSettings, telemetryVariables, tracingOf } from '#telemetry/settings.ts'

export interface Config {
  readonly port: number
  readonly host: string
  /** Undefined: the embedded database under `dataDirectory`. */
  readonly databaseUrl: string | undefined
  readonly databaseReadUrl: string | undefined
  readonly dataDirectory: string
  readonly partitions: number
  readonly role: 'all' | 'api' | 'worker'
  /** Asked to stop, it serves so long as before, and says that it is not ready. */
  readonly drainMs: number
  readonly mapboxAccessToken: string | undefined
  readonly logLevel: LogLevel
  /** `json`: all that it says, for programs. Undefined: sentences, and what goes wrong as suits where it goes to. */
  readonly logFormat: 'json' | 'text' | undefined
  /** Webhooks may be sent to addresses of one's own network, and without TLS. */
  readonly webhooksAllowPrivate: boolean
  /** Undefined: nobody signs in. */
  readonly signIn: SignInConfig | undefined
  /** Addresses and networks (CIDR) of proxies whose word on a client's address is taken. */
  readonly trustedProxies: readonly string[]
  readonly limits: LimitSettings
  readonly tracing: TracingSettings
  /** Where metrics are asked for, if not where all else is (`metricsAreBesideAllElse`). */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
}

export interface SignInConfig {
  /** Signs cookies. Whoever has it can make them. */
  readonly secret: string
  /** The origin that browsers see; undefined: the one that each asks for. */
  readonly publicUrl: string | undefined
  /** `first`: whoever comes first makes an account, then nobody. */
  readonly signUp: 'open' | 'closed' | 'first'
  /** E-mails of accounts, in lower case. */
  readonly admins: readonly string[]
  readonly oidc: OidcConfig | undefined
  readonly tokens: TokenConfig | undefined
}

/** An OpenID provider that people sign in with. */
export interface OidcConfig {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/** Whose tokens (JWT) are taken for credentials. */
export interface TokenConfig {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string
}

/** Without a port of their own, metrics are where nobody comes from outside. */
export function metricsAreBesideAllElse({ metrics, signIn, role }: Config): boolean {
  return metrics === undefined && (signIn === undefined || role === 'worker')
}

export type ConfigReading =
  | { readonly outcome: 'read'; readonly config: Config }
  | { readonly outcome: 'refused'; readonly faults: readonly string[] }

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'begins with postgres://')
const webUrl = z.url({ protocol: /^https?$/, error: 'is an address such as https://rides.example.org' })

const environment = z.object({
  PORT: z.coerce
    .number('is a port number, 1 to 65535')
    .int()
    .min(1, 'is 1 to 65535')
    .max(65_535, 'is 1 to 65535')
    .default(4000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_READ_URL: postgresUrl.optional(),
  DATA_DIR: z.string().default('.data'),
  LOG_PARTITIONS: z.coerce
    .number('is a number, 1 to 256')
    .int()
    .min(1, 'is 1 to 256')
    .max(256, 'is 1 to 256')
    .default(1),
  ROLE: z.enum(['all', 'api', 'worker'], 'is all, api or worker').default('all'),
  DRAIN_SECONDS: z.coerce
    .number('is a number of seconds, 0 to 300')
    .min(0, 'is 0 to 300')
    .max(300, 'is 0 to 300')
    .default(0),
  MAPBOX_ACCESS_TOKEN: z.string().optional(),
  LOG_FORMAT: z.enum(['json', 'text'], 'is json or text').optional(),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(logLevels, `is ${logLevels.join(', ')}`).default('info'),
  WEBHOOKS_ALLOW_PRIVATE: z.enum(['on', 'off'], 'is on or off').default('off'),
  AUTH_SECRET: z
    .string()
    .min(32, 'has at least 32 characters, for example what `openssl rand -hex 32` prints')
    .optional(),
  PUBLIC_URL: webUrl
    // What is no address at all was refused as that.
    .refine(
      (url) => !URL.canParse(url) || new URL(url).pathname === '/',
      'is an origin, without a path behind it',
    )
    .optional(),
  SIGN_UP: z.enum(['open', 'closed'], 'is open or closed').optional(),
  ADMINS: list(z.email('is a list of e-mail addresses, with commas between them')),
  OIDC_ISSUER: webUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_JWKS_URL: webUrl.optional(),
  ...limitVariables,
  ...telemetryVariables,
  TRUSTED_PROXIES: list(
    z.string().refine(isNetwork, 'is a list of addresses or networks (10.0.0.0/8), with commas between them'),
  ),
})

type Environment = z.infer<typeof environment>

export function readConfig(env: NodeJS.ProcessEnv): ConfigReading {
  // A variable set to nothing is a variable that is not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
    return { outcome: 'refused', faults: [...new Set(faults)] }
  }
  const { data } = parsed
  const faults = contradictionsIn(data)
  if (faults.length > 0) return { outcome: 'refused', faults }
  return {
    outcome: 'read',
    config: {
      port: data.PORT,
      host: data.HOST,
      databaseUrl: data.DATABASE_URL,
      databaseReadUrl: data.DATABASE_READ_URL,
      dataDirectory: data.DATA_DIR,
      partitions: data.LOG_PARTITIONS,
      role: data.ROLE,
      drainMs: data.DRAIN_SECONDS * 1_000,
      mapboxAccessToken: data.MAPBOX_ACCESS_TOKEN,
      logLevel: data.LOG_LEVEL,
      logFormat: data.LOG_FORMAT ?? (data.NODE_ENV === 'production' ? 'json' : undefined),
      webhooksAllowPrivate: data.WEBHOOKS_ALLOW_PRIVATE === 'on',
      signIn: signInOf(data),
      trustedProxies: data.TRUSTED_PROXIES,
      limits: limitsOf(data, { signsIn: data.AUTH_SECRET !== undefined }),
      tracing: tracingOf(data),
      metrics:
        data.METRICS_PORT === undefined ? undefined : { host: data.METRICS_HOST, port: data.METRICS_PORT },
    },
  }
}

function signInOf(data: Environment): SignInConfig | undefined {
  const { AUTH_SECRET: secret, OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = data
  const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL } = data
  if (secret === undefined) return undefined
  return {
    secret,
    publicUrl: data.PUBLIC_URL && new URL(data.PUBLIC_URL).origin,
    signUp: data.SIGN_UP ?? 'first',
    admins: data.ADMINS.map((email) => email.toLowerCase()),
    oidc:
      OIDC_ISSUER && OIDC_CLIENT_ID && OIDC_CLIENT_SECRET
        ? { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET }
        : undefined,
    tokens:
      JWT_ISSUER && JWT_AUDIENCE && JWT_JWKS_URL
        ? { issuer: JWT_ISSUER, audience: JWT_AUDIENCE, jwksUrl: JWT_JWKS_URL }
        : undefined,
  }
}

const together = [
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
  ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'],
] as const
/** What says nothing while nobody signs in; set all the same, somebody believes that it does. */
const ofSignIn = ['PUBLIC_URL', 'SIGN_UP', 'OIDC_ISSUER', 'JWT_ISSUER'] as const

function contradictionsIn(data: Environment): string[] {
  const faults: string[] = []
  if (data.DATABASE_READ_URL !== undefined && data.DATABASE_URL === undefined) {
    faults.push('DATABASE_READ_URL is a replica of DATABASE_URL, which is not set')
  }
  for (const names of together) {
    const missing = names.filter((name) => data[name] === undefined)
    if (missing.length > 0 && missing.length < names.length) {
      faults.push(
        `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set: ${names.join(', ')} come together`,
      )
    }
  }
  const hosts = [data.METRICS_HOST, data.HOST]
  if (data.METRICS_PORT === data.PORT && (hosts[0] === hosts[1] || hosts.some(isEverywhere))) {
    faults.push('METRICS_PORT is PORT: metrics need a port of their own')
  }
  if (data.AUTH_SECRET === undefined) {
    const idle: string[] = ofSignIn.filter((name) => data[name] !== undefined)
    if (data.ADMINS.length > 0) idle.push('ADMINS')
    for (const name of idle) faults.push(`${name} needs AUTH_SECRET, which is not set`)
  } else if (data.OIDC_ISSUER !== undefined && data.PUBLIC_URL === undefined) {
    faults.push('OIDC_ISSUER needs PUBLIC_URL, which is not set: the provider sends people back there')
  }
  return faults
}

/** Of values with commas between them. */
function list<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item))
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}
