/** Metrics on a port of their own, which need not be where people come from outside. */
import { createServer, type Server } from 'node:http'
import type { Exposition } from '#telemetry/metrics.ts'
import type { FaultLog } from './faults.ts'
import { answerMetrics } from './metrics.ts'
import { pathOf } from './server.ts'

export interface MetricsPortOptions {
  readonly exposition: () => Promise<Exposition>
  readonly onFault: FaultLog
}

export function listenForMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  { exposition, onFault }: MetricsPortOptions,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (pathOf(request) !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Only /metrics is here.\n')
      return
    }
    answerMetrics(response, exposition).catch((error: unknown) => {
      onFault('Metrics could not be put together', error)
      response.destroy()
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve({ close: () => close(server) })
    })
  })
}

/** Who asks for metrics asks again. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
