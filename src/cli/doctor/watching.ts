/** Whether somebody can look at what the processes do: metrics and traces. */
import { type Config, metricsAreBesideAllElse } from '#config.ts'
import { isLoopback } from '#server/loopback.ts'
import { type Finding, findingsAbout } from './finding.ts'

const watching = findingsAbout('Watching')
const answerWithinMs = 5_000

/** The status with which a collector answers when it is sent no traces; undefined where it does not answer. */
export async function askCollector(endpoint: string): Promise<number | undefined> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      // To a page for people to sign in, for one.
      redirect: 'manual',
      // A request without spans is one without a byte.
      body: new Uint8Array(),
      signal: AbortSignal.timeout(answerWithinMs),
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return undefined
  }
}

export function judgeMetrics(config: Config): Finding {
  const { metrics, host, port } = config
  if (metrics !== undefined) {
    const at = `Prometheus is to ask for metrics at port ${metrics.port} of ${metrics.host}`
    return isLoopback(metrics.host)
      ? watching.good(`${at}.`)
      : watching.good(`${at}, which nobody from outside may reach: see that it is so.`)
  }
  if (metricsAreBesideAllElse(config))
    return watching.good(`Prometheus is to ask for metrics at /metrics on port ${port} of ${host}.`)
  return watching.doubtful(
    'Metrics can be asked for nowhere: riders sign in, and METRICS_PORT is not set.',
    'Set METRICS_PORT to a port that is not open to the outside, where somebody is to be told when something is wrong.',
  )
}

/** `answer`: the collector's status; undefined where it does not answer. */
export function judgeCollector(
  { serviceName, endpoint }: { readonly serviceName: string; readonly endpoint: string },
  answer: number | undefined,
): Finding {
  const { origin, pathname } = new URL(endpoint)
  const what =
    'Set OTEL_EXPORTER_OTLP_ENDPOINT to where a collector takes OTLP over HTTP (port 4318, as a rule).'
  if (answer === undefined)
    return watching.doubtful(
      `Nobody takes the traces at ${origin}${pathname}: they are lost, and the rest goes on.`,
      what,
    )
  if (answer >= 200 && answer < 300) return watching.good(`Traces are sent and taken, as ${serviceName}.`)
  // Its headers (OTEL_EXPORTER_OTLP_HEADERS) are the exporter's to send.
  if (answer === 401 || answer === 403)
    return watching.good('Whoever takes the traces is there, and asks who sends them.')
  return watching.doubtful(`At ${origin}${pathname}, where traces are sent, the answer is ${answer}.`, what)
}
