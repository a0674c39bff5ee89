/** The log that an operator reads. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pino } from 'pino'
import { describeFault } from '#database/fault-description.ts'
import { roadOf } from './road.ts'

export type FaultLog = (what: string, error?: unknown) => void

/** Told of each request as it comes; says what became of it. */
export type RequestLog = (request: IncomingMessage, response: ServerResponse) => void

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogOptions {
  /** JSON lines, or readable ones on a terminal. */
  readonly readable: boolean
  readonly level: LogLevel
  /** A fault was written down. */
  readonly onFaultLogged?: () => void
}

export interface ServerLog {
  readonly onFault: FaultLog
  /** Undefined below the level at which requests are told of. */
  readonly onRequest: RequestLog | undefined
}

export function createLog({ readable, level, onFaultLogged }: LogOptions): ServerLog {
  const options = { base: null, level }
  const logger = readable
    ? pino({
        ...options,
        transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } },
      })
    : pino(options, pino.destination(2))
  return {
    onFault(what, error) {
      if (error === undefined) logger.warn(what)
      else {
        onFaultLogged?.()
        logger.error(describeFault(error), what)
      }
    },
    onRequest: logger.isLevelEnabled('debug') ? onRequest : undefined,
  }

  /** Which road was taken, and no more of it: the id of an unlisted ride is its link, and what comes in headers opens doors. */
  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now()
    const { method } = request
    const road = roadOf(request.url ?? '/')
    response.once('close', () => {
      const ms = Math.round((performance.now() - began) * 10) / 10
      const status = response.writableFinished ? response.statusCode : 'cut'
      logger.debug({ method, road, status, ms }, 'A request')
    })
  }
}
