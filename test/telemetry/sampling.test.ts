/** Who decides whether a trace is recorded. */
import { expect, test } from 'vitest'
import { openOtlp, type SamplerSettings } from '#telemetry/otlp.ts'
import { traceIdOf } from '#telemetry/traceparent.ts'

/** The least of all ids, which a sampler that goes by ids would always record. */
const callers = `00-${'0'.repeat(31)}1-b7ad6b7169203331-01`

function begins(sampler: SamplerSettings, parent: string | undefined, random = () => 0.5) {
  const tracing = openOtlp({
    ...{ serviceName: 'test', version: '0', role: 'api', sampler, batch: {}, random },
    onLost: () => undefined,
    onTaken: () => undefined,
  })
  return tracing.begin(() => 'an operation', { parent })
}

test('a caller who is heeded has his trace gone on with, or left', () => {
  const heeding = { heedsCaller: true, ratio: 0 }
  expect(traceIdOf(begins(heeding, callers)?.traceparent ?? '')).toBe(traceIdOf(callers))
  expect(begins(heeding, callers.replace(/01$/, '00'))).toBeUndefined()
  expect(begins(heeding, undefined)).toBeUndefined()
})

test('one who is not heeded decides nothing, whatever id he sends, and his trace is not gone on with', () => {
  expect(begins({ heedsCaller: false, ratio: 0.01 }, callers)).toBeUndefined()
  const recorded = begins({ heedsCaller: false, ratio: 0.01 }, callers, () => 0.001)
  expect(recorded).toBeDefined()
  expect(traceIdOf(recorded!.traceparent)).not.toBe(traceIdOf(callers))
})
