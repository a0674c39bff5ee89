/** The rides of one rider on this phone: opened, written, sent, and taken from it when the server has all of them. */
import type { Server } from '../graphql/client.ts'
import { currentRide } from './current-ride.ts'
import type { Entry } from './entries.ts'
import { type KeepFault, keepFaultOf } from './keep-fault.ts'
import type { SentStep } from './next-step.ts'
import { isSent, type Recording } from './recording.ts'
import type { RecordingStore } from './recording-store.ts'
import { beginQueue, openQueue, type RideQueue, WrittenElsewhere } from './ride-queue.ts'
import { sendStep } from './send-step.ts'
import { runSender, type SenderMeans } from './sender.ts'

export interface RidesHere {
  /** Recorded now, or ended and not put aside. */
  readonly current: RideQueue | null
  /** Not wholly sent, or current; the oldest first. */
  readonly queues: readonly RideQueue[]
  /** What was sent last, where there is none of it here any more. */
  readonly lastSentId: string | null
  /** Rides of another account wait on this phone. */
  readonly hasOthers: boolean
  /** Whether the recorder has something to do when the app is opened: those of others wait for them to sign in again. */
  readonly hasAny: boolean
  /** Why the browser could not keep what was to be written down; null where it could. */
  readonly fault: KeepFault | null
  /** Rejects where the browser keeps nothing. */
  begin(started: Entry & { type: 'RideStarted' }): Promise<void>
  /**
   * Of the current ride. What cannot be written waits in this page, and is tried again in its order.
   *
   * @returns whether it is written down.
   */
  write(decide: Decide): Promise<boolean>
  putAside(): void
  discard(rideId: string): Promise<void>
  /** Sends what waits until it is aborted. */
  send(signal: AbortSignal): Promise<void>
  /** There may be something new to send. */
  wake(): void
}

/** What is to be written, decided on the newest state, and again where it could not be written. */
export type Decide = (recording: Recording) => readonly Entry[]

export interface RidesHereMeans
  extends Pick<SenderMeans, 'riderId' | 'whoIs' | 'say' | 'pause' | 'newId' | 'now' | 'random'> {
  readonly store: RecordingStore
  readonly server: Pick<Server, 'mutate'>
  /** Something is otherwise. */
  changed(): void
  /** So many positions of the current ride are on the server. */
  holds(positions: number): void
  /** So is its end. */
  hasEnd(): void
  /** Another tab has written: nothing more can be written here before all is read again. */
  lost(unwritten: readonly Decide[]): void
}

/** What could not be written may be written when there is room again. */
const afterFaultMs = 10_000

export async function openRidesHere(means: RidesHereMeans): Promise<RidesHere> {
  const { store, riderId, server, changed, pause } = means
  let queues: readonly RideQueue[] = []
  let lastSentId: string | null = null
  let fault: KeepFault | null = null
  const unwritten: { queue: RideQueue; decide: Decide; tell: (isWritten: boolean) => void }[] = []
  let isWriting = false
  let isPausing = false
  let wakeSender = () => {}

  for (const stored of await store.ridesOf(riderId)) {
    const queue = stored.sentAt === undefined ? await openQueue(store, stored, written) : undefined
    if (queue === undefined) {
      if (lastSentId !== null) await store.remove(lastSentId)
      lastSentId = stored.rideId
    } else queues = [...queues, queue]
  }
  const hasOthers = await store.hasRidesBeside(riderId)
  let current = currentRide(queues)

  function written(queue: RideQueue): void {
    const { recording } = queue
    fault = null
    if (queue === current) {
      const [first] = recording.waiting
      const { refused, positionCount } = recording
      // What was refused never comes to be there, and is not counted as if it were.
      const held = first?.kind === 'upload' ? first.from : first === undefined ? positionCount : null
      if (held !== null && refused.length === 0) means.holds(held)
    }
    if (isSent(recording)) void clear(queue).catch(fail)
    changed()
  }

  /** What the server has needs no keeping here. */
  async function clear(queue: RideQueue): Promise<void> {
    if (queue === current) means.hasEnd()
    queues = queues.filter((kept) => kept !== queue)
    const before = lastSentId
    lastSentId = queue.rideId
    const { startedAt } = queue.recording
    await store.setSent({ rideId: queue.rideId, riderId, startedAt, length: 0 }, Date.now())
    if (before !== null && before !== lastSentId) await store.remove(before)
  }

  function fail(error: unknown): void {
    if (error instanceof WrittenElsewhere) {
      means.lost(unwritten.splice(0).map(({ decide }) => decide))
    } else {
      fault = keepFaultOf(error)
      changed()
    }
  }

  async function writeDown(): Promise<void> {
    if (isWriting) return
    isWriting = true
    try {
      for (let [first] = unwritten; first !== undefined; [first] = unwritten) {
        await first.queue.append(first.decide)
        unwritten.shift()
        first.tell(true)
      }
    } catch (error) {
      for (const { tell } of unwritten) tell(false)
      fail(error)
    } finally {
      isWriting = false
    }
    if (unwritten.length === 0 || isPausing) return
    isPausing = true
    await pause(afterFaultMs)
    isPausing = false
    void writeDown()
  }

  return {
    get current() {
      return current
    },
    get queues() {
      return queues
    },
    get lastSentId() {
      return lastSentId
    },
    hasOthers,
    get hasAny() {
      return queues.length > 0 || hasOthers
    },
    get fault() {
      return fault
    },
    async begin(started) {
      current = await beginQueue(store, riderId, started, written)
      queues = [...queues, current]
    },
    write(decide) {
      const queue = current
      if (queue === null) return Promise.resolve(false)
      return new Promise((resolve) => {
        unwritten.push({ queue, decide, tell: resolve })
        void writeDown()
      })
    },
    putAside() {
      current = null
    },
    async discard(rideId) {
      queues = queues.filter((queue) => queue.rideId !== rideId)
      if (current?.rideId === rideId) current = null
      await store.remove(rideId)
    },
    async send(signal) {
      signal.addEventListener('abort', () => wakeSender(), { once: true })
      for (const queue of queues) if (isSent(queue.recording)) await clear(queue).catch(fail)
      const sending: SenderMeans = {
        ...means,
        queues: () => queues,
        send: (step: SentStep, queue: RideQueue) => sendStep(server, step, queue),
        changed: () =>
          new Promise<void>((resolve) => {
            wakeSender = resolve
          }),
      }
      while (!signal.aborted) {
        await runSender(sending, signal).catch(fail)
        if (!signal.aborted) await pause(afterFaultMs)
      }
    },
    wake: () => wakeSender(),
  }
}
