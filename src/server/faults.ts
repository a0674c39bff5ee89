/** The log that an operator reads. */
import { pino } from 'pino'
import { describeFault } from '#database/fault-description.ts'

export type FaultLog = (what: string, error?: unknown) => void

/** JSON lines, or readable ones on a terminal. */
export function createFaultLog({ readable }: { readable: boolean }): FaultLog {
  const logger = readable
    ? pino({
        base: null,
        transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } },
      })
    : pino({ base: null }, pino.destination(2))
  return (what, error) => {
    if (error === undefined) logger.warn(what)
    else logger.error(describeFault(error), what)
  }
}
