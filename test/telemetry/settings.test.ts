import { expect, test } from 'vitest'
import { readConfig } from '#config.ts'

function tracingOf(env: Record<string, string>) {
  const reading = readConfig(env)
  if (reading.outcome === 'refused') throw new Error(reading.faults.join('\n'))
  return reading.config.tracing
}

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }

test('traces are off until somebody says where to, or asks for them', () => {
  expect(tracingOf({})).toBeUndefined()
  expect(tracingOf({ OTEL_SERVICE_NAME: 'rides' })).toBeUndefined()
  expect(tracingOf(endpoint)).toMatchObject({ serviceName: 'slipstream' })
  expect(tracingOf({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' })).toBeDefined()
  expect(tracingOf({ OTEL_TRACES_EXPORTER: 'otlp' })).toBeDefined()
})

test.each([
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4318' }, 'http://jaeger:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example.org/in/' }, 'https://otlp.example.org/in/v1/traces'],
  [
    { ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://jaeger:4318/traces' },
    'http://jaeger:4318/traces',
  ],
])('they are sent as the variables say: %o', (env, expected) => {
  expect(tracingOf(env)?.endpoint).toBe(expected)
})

test('and off again by the variables that say so', () => {
  expect(tracingOf({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeUndefined()
  expect(tracingOf({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined()
})

test.each([
  ['always_on', '0.5', { heedsCaller: false, ratio: 1 }],
  ['always_off', '0.5', { heedsCaller: false, ratio: 0 }],
  ['traceidratio', '0.01', { heedsCaller: false, ratio: 0.01 }],
  ['parentbased_always_on', '0.5', { heedsCaller: true, ratio: 1 }],
  ['parentbased_always_off', '0.5', { heedsCaller: true, ratio: 0 }],
  ['parentbased_traceidratio', '0.01', { heedsCaller: true, ratio: 0.01 }],
])(
  'the sampler %s is what the specification says',
  (OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, sampler) => {
    expect(tracingOf({ ...endpoint, OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG })).toMatchObject({
      sampler,
    })
  },
)

test('what cannot be done is refused, with what can', () => {
  const reading = readConfig({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317',
    OTEL_TRACES_SAMPLER: 'jaeger_remote',
    OTEL_TRACES_SAMPLER_ARG: '2',
    METRICS_PORT: '0',
  })
  expect(reading).toMatchObject({
    outcome: 'refused',
    faults: [
      'OTEL_EXPORTER_OTLP_ENDPOINT is an address such as http://127.0.0.1:4318',
      'OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf: OTLP is sent in no other way',
      expect.stringMatching(/^OTEL_TRACES_SAMPLER is always_on/),
      'OTEL_TRACES_SAMPLER_ARG is a share, from 0 to 1',
      'METRICS_PORT is 1 to 65535',
    ],
  })
})

test('metrics have an address of their own', () => {
  const same = { PORT: '9000', METRICS_PORT: '9000' }
  const refused = { outcome: 'refused', faults: [expect.stringMatching(/^METRICS_PORT is PORT/)] }
  const AUTH_SECRET = 's'.repeat(32)
  expect(readConfig(same)).toMatchObject(refused)
  expect(readConfig({ ...same, METRICS_HOST: '0.0.0.0' })).toMatchObject(refused)
  expect(readConfig({ ...same, HOST: '::', AUTH_SECRET })).toMatchObject(refused)
  expect(readConfig({ ...same, HOST: '10.0.0.5', AUTH_SECRET })).toMatchObject({ outcome: 'read' })
})
