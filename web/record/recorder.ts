/**
 * Records a ride and sends it: what the page of the recorder shows and does. It lives as long as the app, so that one may look
 * at other pages while riding, and begins by itself where a ride is under way (`main.tsx`).
 * Whether it is this tab that records is said by `turn.ts`.
 */
import type { Complaint } from '../forms/complaint.ts'
import type { Server } from '../graphql/client.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { createLocator, createScreen, type Locator, mayLocate, type Screen, watchBattery } from './device.ts'
import type { Visibility } from './entries.ts'
import { setHasRecordings } from './has-recordings.ts'
import { type KeepFault, keepFaultOf, whyNot } from './keep-fault.ts'
import type { Recording } from './recording.ts'
import { openRecordingStore } from './recording-store.ts'
import { clockFrom, commandTime, positionTime, type RideClock } from './ride-clock.ts'
import { type RideOnServer, watchOnServer } from './ride-on-server.ts'
import type { RideQueue } from './ride-queue.ts'
import type { Sending } from './sender.ts'
import { takePosition } from './take-position.ts'
import { type NotRecording, takeTurns } from './turn.ts'

export interface RideHere {
  readonly queue: RideQueue
  /** As it was when this was told. */
  readonly recording: Recording
}

export type RecorderView =
  | NotRecording
  | {
      readonly status: 'ready'
      /** The newest: recorded now, or ended and not put aside. */
      readonly current: RideHere | null
      /** Before it, and not wholly sent. */
      readonly earlier: readonly RideHere[]
      /** It was recorded last long ago: its rider says whether it goes on. */
      readonly isAsking: boolean
      /** What was sent last, where there is none of it here any more. */
      readonly lastSentId: string | null
      /** Rides of another account wait on this phone. */
      readonly hasOthers: boolean
      /** Why the browser could not keep what was to be written down; null where it could. */
      readonly fault: KeepFault | null
    }

export interface Recorder {
  readonly view: Cell<RecorderView>
  readonly sending: Cell<Sending>
  readonly onServer: Cell<RideOnServer | null>
  readonly charge: Cell<number | null>
  readonly locator: Locator
  readonly screen: Screen
  /** Whether one looks at the recorder: then it finds itself before a ride begins, where it may. */
  look(isLooking: boolean): void
  start(title: string, visibility: Visibility): Promise<Complaint>
  /** This and those that follow: whether it is written down. Where it is not, it waits in this page, and the view says why. */
  pause(): Promise<boolean>
  resume(): Promise<boolean>
  /** `last heard of`: it ended when it was recorded last. */
  end(when: 'now' | 'last heard of'): Promise<boolean>
  /** The time since it was recorded last counts as a pause. */
  goOn(): Promise<boolean>
  /** Makes room for the next ride; what waits is sent all the same. */
  putAside(): void
  /** Deletes what the server does not take. */
  discard(rideId: string): Promise<void>
  takeOver(): void
  retryNow(): void
  /** Opens what could not be read. */
  readAgain(): void
}

/** Of the app, what it records with. */
export interface RecordingApp {
  readonly server: Pick<Server, 'query' | 'mutate' | 'socket'>
  readonly underWay: Cell<'ACTIVE' | 'PAUSED' | null>
}

/** Whoever looks again after so long may have forgotten the ride. */
export const longSilenceMs = 30 * 60_000

export function createRecorder(
  app: RecordingApp,
  storage: Storage,
  openStore: typeof openRecordingStore = openRecordingStore,
): Recorder {
  const { server } = app
  const view = createCell<RecorderView>({ status: 'opening' })
  const sending = createCell<Sending>('resting')
  const charge = watchBattery()
  const locator = createLocator(taken)
  const screen = createScreen()
  const onServer = watchOnServer(server)
  let clock: RideClock = clockFrom(0)
  let isAsking = false
  let isLooking = false
  const turn = takeTurns({
    ...{ server, storage, openStore, onServer, view, say: sending.set },
    begun(rides) {
      const { current } = rides
      if (current === null) return
      const { lastAt, status, rideId } = current.recording
      clock = clockFrom(lastAt)
      isAsking = status !== 'ENDED' && Date.now() - lastAt > longSilenceMs
      onServer.watch(rideId)
    },
    changed: publish,
  })

  function publish(): void {
    const { rides } = turn
    const recording = rides?.current?.recording
    const isUnderWay = recording !== undefined && recording.status !== 'ENDED'
    const isRecording = isUnderWay && !isAsking
    if (isRecording || isLooking) locate(isRecording)
    else locator.stop()
    screen.keepOn(isRecording && recording.status === 'ACTIVE')
    app.underWay.set(isUnderWay ? (recording.status as 'ACTIVE' | 'PAUSED') : null)
    if (rides === null) {
      view.set({ status: 'elsewhere' })
      return
    }
    const { current, queues, lastSentId, hasOthers, hasAny, fault } = rides
    setHasRecordings(storage, hasAny)
    const here = (queue: RideQueue): RideHere => ({ queue, recording: queue.recording })
    view.set({
      status: 'ready',
      current: current && here(current),
      earlier: queues.filter((queue) => queue !== current).map(here),
      ...{ isAsking, lastSentId, hasOthers, fault },
    })
    rides.wake()
  }

  /** Before a ride begins the rider is not asked whether the page may know where he is. */
  function locate(isRecording: boolean): void {
    if (isRecording) locator.watch()
    else
      void mayLocate().then((may) => {
        if (may === 'granted' && isLooking) locator.watch()
      })
  }

  function taken(position: GeolocationPosition): void {
    if (isAsking) return
    const nowMs = Date.now()
    void turn.write(({ status, lastAt }) => {
      if (status !== 'ACTIVE') return []
      const time = positionTime({ ...clock, lastAt }, position.timestamp, nowMs, performance.timeOrigin)
      clock = time.clock
      const found = time.at === null ? null : takePosition(position.coords, time.at, charge.get())
      return found === null ? [] : [{ type: 'PositionTaken', position: found }]
    })
  }

  function command(
    type: 'RidePaused' | 'RideResumed' | 'RideEnded',
    isLegal: (status: Recording['status']) => boolean,
    nowMs = Date.now(),
  ): Promise<boolean> {
    return turn.write(({ status, lastAt }) => {
      if (!isLegal(status)) return []
      const time = commandTime({ ...clock, lastAt }, nowMs)
      clock = time.clock
      return [{ type, commandId: crypto.randomUUID(), at: time.at }]
    })
  }

  return {
    ...{ view, sending, charge, locator, screen, onServer: onServer.cell },
    look(looking) {
      isLooking = looking
      if (turn.rides !== null) publish()
    },
    async start(title, visibility) {
      if (turn.rides === null) return 'The recorder is not ready. Load the page again.'
      locator.watch()
      if ((await mayLocate()) !== 'granted') await answered(locator)
      const { status } = locator.locating.get()
      if (status === 'denied' || status === 'insecure') return undefined
      // Whoever was asked may have gone on in another tab meanwhile.
      const here = turn.rides
      if (here === null) return 'Another tab is recording now. Nothing was started here.'
      const { current } = here
      if (current !== null && current.recording.status !== 'ENDED') return undefined
      void navigator.storage?.persist?.().catch(() => undefined)
      const rideId = crypto.randomUUID()
      const at = Date.now()
      try {
        await here.begin({ type: 'RideStarted', rideId, at, title: titleOf(title), visibility })
      } catch (error) {
        return `${whyNot(keepFaultOf(error))} Nothing was started.`
      }
      clock = clockFrom(at)
      isAsking = false
      onServer.watch(rideId)
      publish()
      return undefined
    },
    pause: () => command('RidePaused', (status) => status === 'ACTIVE'),
    resume: () => command('RideResumed', (status) => status === 'PAUSED'),
    end(when) {
      isAsking = false
      const lastAt = turn.rides?.current?.recording.lastAt
      return command('RideEnded', (status) => status !== 'ENDED', when === 'now' ? Date.now() : lastAt)
    },
    async goOn() {
      const current = turn.rides?.current
      if (current == null) return false
      isAsking = false
      let goesOn = Promise.resolve(true)
      if (current.recording.status === 'ACTIVE') {
        void command('RidePaused', (status) => status === 'ACTIVE', current.recording.lastAt)
        goesOn = command('RideResumed', (status) => status === 'PAUSED')
      }
      publish()
      return goesOn
    },
    putAside() {
      turn.rides?.putAside()
      onServer.watch(null)
      publish()
    },
    async discard(rideId) {
      await turn.rides?.discard(rideId)
      publish()
    },
    takeOver: turn.takeOver,
    retryNow: turn.retryNow,
    readAgain: turn.readAgain,
  }
}

/** Resolves when the rider has said whether the page may know where he is, or it is known anyway. */
function answered({ locating }: Locator): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (locating.get().status === 'searching') return
      end()
      resolve()
    }
    const end = locating.subscribe(look)
    look()
  })
}

/** As the server takes it. */
function titleOf(title: string): string | null {
  const trimmed = title.toWellFormed().replaceAll('\0', '').trim().slice(0, 200).trim()
  return trimmed === '' ? null : trimmed
}
