/** The environment, parsed once; every fault is named at once. Nothing else reads `process.env`. */
import { z } from 'zod'

export interface Config {
  readonly port: number
  readonly host: string
  /** Undefined: the embedded database under `dataDirectory`. */
  readonly databaseUrl: string | undefined
  readonly databaseReadUrl: string | undefined
  readonly dataDirectory: string
  readonly partitions: number
  readonly role: 'all' | 'api' | 'worker'
  readonly mapboxAccessToken: string | undefined
}

export type ConfigReading =
  | { readonly outcome: 'read'; readonly config: Config }
  | { readonly outcome: 'refused'; readonly faults: readonly string[] }

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'begins with postgres://')

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
  MAPBOX_ACCESS_TOKEN: z.string().optional(),
})

export function readConfig(env: NodeJS.ProcessEnv): ConfigReading {
  // A variable set to nothing is a variable that is not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    return {
      outcome: 'refused',
      faults: parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`),
    }
  }
  const { data } = parsed
  if (data.DATABASE_READ_URL !== undefined && data.DATABASE_URL === undefined) {
    return {
      outcome: 'refused',
      faults: ['DATABASE_READ_URL is a replica of DATABASE_URL, which is not set'],
    }
  }
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
      mapboxAccessToken: data.MAPBOX_ACCESS_TOKEN,
    },
  }
}
