/** GET /metrics: for Prometheus. */
import type { ServerResponse } from 'node:http'
import type { Exposition } from '#telemetry/metrics.ts'

export async function answerMetrics(
  response: ServerResponse,
  exposition: () => Promise<Exposition>,
): Promise<void> {
  const { contentType, text } = await exposition()
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text)
}
