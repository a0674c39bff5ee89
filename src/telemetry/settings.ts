/** What may be set of traces and metrics by the environment: OpenTelemetry's own variables, and where metrics are asked for. */
import { z } from 'zod'
import type { BatchSettings, SamplerSettings } from './otlp.ts'

/** Undefined where nobody asked for traces. */
export type TracingSettings =
  | {
      readonly serviceName: string
      /** Where they are sent, as the SDK makes it of the same variables. */
      readonly endpoint: string
      readonly sampler: SamplerSettings
      readonly batch: BatchSettings
    }
  | undefined

const usualEndpoint = 'http://localhost:4318'
const endpoint = z
  .url({ protocol: /^https?$/, error: 'is an address such as http://127.0.0.1:4318' })
  .optional()
const protocol = z
  .enum(['http/protobuf'], 'is http/protobuf: OTLP is sent in no other way')
  .default('http/protobuf')
const whole = (least: number) =>
  z.coerce.number('is a whole number').int('is a whole number').min(least, `is ${least} or more`).optional()
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export const telemetryVariables = {
  OTEL_SDK_DISABLED: z.enum(['true', 'false'], 'is true or false').default('false'),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], 'is otlp or none').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_SERVICE_NAME: z.string().default('slipstream'),
  OTEL_TRACES_SAMPLER: z.enum(samplers, `is ${samplers.join(', ')}`).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number('is a share, from 0 to 1')
    .min(0, 'is a share, from 0 to 1')
    .max(1, 'is a share, from 0 to 1')
    .default(1),
  OTEL_BSP_SCHEDULE_DELAY: whole(0),
  OTEL_BSP_EXPORT_TIMEOUT: whole(0),
  OTEL_BSP_MAX_QUEUE_SIZE: whole(1),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: whole(1),
  METRICS_PORT: z.coerce
    .number('is a port number, 1 to 65535')
    .int()
    .min(1, 'is 1 to 65535')
    .max(65_535, 'is 1 to 65535')
    .optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
} as const

type Given = z.infer<z.ZodObject<typeof telemetryVariables>>

export function tracingOf(given: Given): TracingSettings {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ofTraces, OTEL_EXPORTER_OTLP_ENDPOINT: ofAll } = given
  const isAskedFor = ofTraces !== undefined || ofAll !== undefined || given.OTEL_TRACES_EXPORTER === 'otlp'
  if (!isAskedFor || given.OTEL_SDK_DISABLED === 'true' || given.OTEL_TRACES_EXPORTER === 'none')
    return undefined
  const sampler = given.OTEL_TRACES_SAMPLER
  return {
    serviceName: given.OTEL_SERVICE_NAME,
    endpoint: ofTraces ?? `${(ofAll ?? usualEndpoint).replace(/\/$/, '')}/v1/traces`,
    sampler: {
      heedsCaller: sampler.startsWith('parentbased_'),
      ratio: ratioOf(sampler, given.OTEL_TRACES_SAMPLER_ARG),
    },
    batch: {
      scheduledDelayMillis: given.OTEL_BSP_SCHEDULE_DELAY,
      exportTimeoutMillis: given.OTEL_BSP_EXPORT_TIMEOUT,
      maxQueueSize: given.OTEL_BSP_MAX_QUEUE_SIZE,
      maxExportBatchSize: given.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    },
  }
}

function ratioOf(sampler: Given['OTEL_TRACES_SAMPLER'], share: number): number {
  if (sampler.endsWith('traceidratio')) return share
  return sampler.endsWith('always_on') ? 1 : 0
}
