/** Traces by OpenTelemetry's SDK, sent by OTLP over HTTP in protobuf. Where to, and with what headers, the exporter reads from `OTEL_*`. */
import {
  type Context,
  type Attributes as OtelAttributes,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { isSampled, spanIdOf, traceIdOf } from './traceparent.ts'
import type { Span, Tracing } from './tracing.ts'

export interface OtlpOptions {
  readonly serviceName: string
  readonly version: string
  readonly role: string
  readonly sampler: SamplerSettings
  readonly batch: BatchSettings
  /** From 0 up to 1. */
  readonly random: () => number
  /** Once when nobody takes them any more, and once when they are taken again. */
  readonly onLost: () => void
  readonly onTaken: () => void
}

/** `OTEL_TRACES_SAMPLER` and its argument. */
export interface SamplerSettings {
  /** Of the traces that begin here: from 0, none, to 1, all. */
  readonly ratio: number
  /** A caller's trace is gone on with, and his word on whether it is recorded is taken. Else each begins one of its own, linked to his. */
  readonly heedsCaller: boolean
}

/** `OTEL_BSP_*`: what is left out is as the specification has it. */
export interface BatchSettings {
  readonly scheduledDelayMillis?: number | undefined
  readonly exportTimeoutMillis?: number | undefined
  readonly maxQueueSize?: number | undefined
  readonly maxExportBatchSize?: number | undefined
}

const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

/** Whoever collects may be away: to wait for him would hold up the end of the process. */
const closingTimeMs = 2_000

export function openOtlp(options: OtlpOptions): Tracing {
  const { serviceName, version, role, sampler, batch, random } = options
  const own = resourceFromAttributes({
    'service.name': serviceName,
    'service.version': version,
    'slipstream.role': role,
  })
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }))
  const processor = new BatchSpanProcessor({
    exporter: watched(new OTLPTraceExporter(), options),
    ...set(batch),
  })
  const provider = new TracerProvider({ resource, spanProcessors: [processor] })
  const tracer = provider.getTracer('slipstream', version)

  function isRecorded(parent: string | undefined): boolean {
    if (parent !== undefined && sampler.heedsCaller) return isSampled(parent)
    // By lot: an id is not made of what is not recorded, and nobody can choose one that is.
    return sampler.ratio === 1 || random() < sampler.ratio
  }

  return {
    begin(name, { parent, attributes }) {
      if (!isRecorded(parent)) return undefined
      const isOwn = parent === undefined || !sampler.heedsCaller
      const options = {
        kind: SpanKind.SERVER,
        ...(attributes && { attributes: mutable(attributes) }),
        ...(parent !== undefined && isOwn && { links: [{ context: spanContextOf(parent) }] }),
      }
      return spanOf(tracer.startSpan(name(), options, isOwn ? ROOT_CONTEXT : contextOf(parent)))
    },
    follow(name, parent, { kind = 'internal', attributes, links, begunAt } = {}) {
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          ...(attributes && { attributes: mutable(attributes) }),
          ...(links && { links: links.map((link) => ({ context: spanContextOf(link) })) }),
          ...(begunAt !== undefined && { startTime: performance.timeOrigin + begunAt }),
        },
        contextOf(parent),
      )
      return spanOf(span)
    },
    async close() {
      await Promise.race([
        provider.shutdown().catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, closingTimeMs).unref()),
      ])
    },
  }
}

/** What could not be sent is gone, and nobody would hear of it. */
function watched(
  exporter: SpanExporter,
  { onLost, onTaken }: Pick<OtlpOptions, 'onLost' | 'onTaken'>,
): SpanExporter {
  let isLost = false
  return {
    export(spans, tell) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0
        if (failed !== isLost) (failed ? onLost : onTaken)()
        isLost = failed
        tell(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}

function set(batch: BatchSettings): { [Name in keyof BatchSettings]?: number } {
  return Object.fromEntries(Object.entries(batch).filter(([, value]) => value !== undefined))
}

function mutable(attributes: Readonly<Record<string, string | number | boolean>>): OtelAttributes {
  return { ...attributes }
}

function spanContextOf(traceparent: string) {
  return { traceId: traceIdOf(traceparent), spanId: spanIdOf(traceparent), traceFlags: 1, isRemote: true }
}

function contextOf(traceparent: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, spanContextOf(traceparent))
}

function spanOf(span: OtelSpan): Span {
  const { traceId, spanId } = span.spanContext()
  return {
    traceparent: `00-${traceId}-${spanId}-01`,
    end({ attributes, failure } = {}) {
      if (attributes !== undefined) span.setAttributes(mutable(attributes))
      if (failure !== undefined) {
        span.setAttribute('error.type', failure)
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    },
  }
}
