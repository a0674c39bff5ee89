/** The log that an operator reads: what is told in JSON is for programs, what is readable for people on a terminal. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type LoggerOptions, pino } from 'pino'
import { describeFault } from '#database/fault-description.ts'
import { namesOf, type RequestNames } from './current-request.ts'
import { roadOf } from './road.ts'

/** `about`: names of what it is about, which say nothing to whoever has only the log. */
export type FaultLog = (what: string, error?: unknown, about?: FaultNames) => void

export type FaultNames = Partial<RequestNames> & { readonly ride?: string }

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
  /** What goes its way. */
  readonly tell: (what: string) => void
  /** Written before it returns: the process ends. */
  readonly tellLast: (what: string) => void
}

export function createLog({ readable, level, onFaultLogged }: LogOptions): ServerLog {
  const options: LoggerOptions = { base: null, level }
  const logger = readable
    ? pino({
        ...options,
        transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } },
      })
    : pino(
        {
          ...options,
          timestamp: pino.stdTimeFunctions.isoTime,
          formatters: { level: (label) => ({ level: label }) },
        },
        pino.destination(2),
      )
  return {
    onFault(what, error, about = undefined) {
      if (error === undefined) logger.warn({ ...about }, what)
      else {
        onFaultLogged?.()
        logger.error({ ...describeFault(error), ...about }, what)
      }
    },
    onRequest: logger.isLevelEnabled('debug') ? onRequest : undefined,
    tell: (what) => logger.info(what),
    tellLast: (what) => logger.fatal(what),
  }

  /** Which road was taken, and no more of it: the id of an unlisted ride is its link, and what comes in headers opens doors. */
  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now()
    const { method } = request
    const road = roadOf(request.url ?? '/')
    response.once('close', () => {
      const ms = Math.round((performance.now() - began) * 10) / 10
      const status = response.writableFinished ? response.statusCode : 'cut'
      logger.debug({ method, road, status, ms, ...namesOf(request) }, 'A request')
    })
  }
}
