/** Many rides at once: those of the past as fast as they are taken, those of now as they are ridden. */

import type { Fleet } from '#recordings/simulate/fleet.ts'
import { type RideOutMeans, rideOut } from './ride-out.ts'
import { type SendMeans, type SentRide, sendRide, type Trouble } from './send-ride.ts'

/** So many are sent at a time: enough that the server never waits for the next. */
const historyAtATime = 4

const endless = Number.POSITIVE_INFINITY
/** Each upload holds as much as it may. */
const atOnce = { speed: 'max', spanMs: endless, firstSpanMs: endless } as const

/** Until all are sent, or one of them cannot be. */
export async function sendHistory(rides: Iterable<SentRide>, means: SendMeans): Promise<Trouble> {
  const left = rides[Symbol.iterator]()
  let trouble: Trouble
  const sendOn = async (): Promise<void> => {
    while (trouble === undefined && !means.signal.aborted) {
      const { value, done } = left.next()
      if (done === true) return
      trouble ??= await sendRide(value, atOnce, means)
    }
  }
  await Promise.all(Array.from({ length: historyAtATime }, sendOn))
  return trouble
}

export interface FleetMeans extends RideOutMeans {
  readonly riders: number
  /** Within so long all have set out, one after the other. */
  readonly settingOutMs: number
  /** Calls all riders off, for one of them cannot ride. */
  readonly callOff: () => void
}

/** Until all have been called off. */
export async function sendFleet(fleet: Fleet, means: FleetMeans): Promise<Trouble> {
  const { riders, settingOutMs, clock, signal, callOff } = means
  let trouble: Trouble
  const send = async (number: number): Promise<void> => {
    await clock.wait((settingOutMs * number) / riders, signal)
    const his = await rideOut((startedAt) => fleet(number, startedAt), means)
    if (his === undefined) return
    trouble ??= his
    callOff()
  }
  await Promise.all(Array.from({ length: riders }, (_, number) => send(number)))
  return trouble
}
