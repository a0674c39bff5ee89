/**
 * Records a ride and sends it: what the page of the recorder shows and does. It lives as long as the app, so that one may look
 * at other pages while riding, and begins by itself where a ride is under way (`main.tsx`).
 *
 *     opening ─► ready ◄─► elsewhere (another tab records)
 *        └─► signed out, no storage
 */
import { lastRider, setLastRider } from '../account/last-rider.ts'
import type { Complaint } from '../forms/complaint.ts'
import { backoffMs, createWait } from '../graphql/backoff.ts'
import type { Server } from '../graphql/client.ts'
import type { Failure } from '../graphql/failure.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { createLocator, createScreen, type Locator, mayLocate, type Screen, watchBattery } from './device.ts'
import { whoIsQuery } from './documents.ts'
import type { Visibility } from './entries.ts'
import { setHasRecordings } from './has-recordings.ts'
import { type KeepFault, keepFaultOf, whyNot } from './keep-fault.ts'
import { asOneTab, type OneTab } from './one-tab.ts'
import type { Recording } from './recording.ts'
import { openRecordingStore, type RecordingStore } from './recording-store.ts'
import { clockFrom, commandTime, positionTime, type RideClock } from './ride-clock.ts'
import { type RideOnServer, watchOnServer } from './ride-on-server.ts'
import type { RideQueue } from './ride-queue.ts'
import { type Decide, openRidesHere, type RidesHere } from './rides-here.ts'
import type { Sending } from './sender.ts'
import { takePosition } from './take-position.ts'

export interface RideHere {
  readonly queue: RideQueue
  /** As it was when this was told. */
  readonly recording: Recording
}

export type RecorderView =
  | { readonly status: 'opening' | 'no storage' | 'elsewhere' }
  /** What is recorded here could not be read. */
  | { readonly status: 'not read'; readonly fault: KeepFault }
  /** `hasRides`: of others, or of whoever signs in. */
  | { readonly status: 'signed out'; readonly hasRides: boolean }
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
  const wait = createWait()
  let store: RecordingStore | null = null
  let riderId: string | null = null
  /** Null while another tab records. */
  let rides: RidesHere | null = null
  /** While they are read again: what is to be written then. */
  let reading: { readonly unwritten: Decide[] } | null = null
  let clock: RideClock = clockFrom(0)
  let isAsking = false
  let isLooking = false
  let oneTab: OneTab | null = null
  let timesAnew = 0

  void open()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') wait.wake()
  })
  const { status: connection } = server.socket.connection
  connection.subscribe(() => {
    if (connection.get() === 'connected') wait.wake()
  })
  window.addEventListener('online', () => wait.wake())

  async function open(): Promise<void> {
    try {
      store = await openStore()
    } catch {
      return view.set({ status: 'no storage' })
    }
    try {
      const found = await rider()
      if (found === null)
        return view.set({ status: 'signed out', hasRides: await store.hasRidesBeside(null) })
      riderId = found
    } catch (error) {
      return view.set({ status: 'not read', fault: keepFaultOf(error) })
    }
    oneTab = asOneTab((signal) => void record(signal), letGo)
  }

  /** Who is signed in; without an answer, who was signed in last: a ride goes on without a network. */
  async function rider(): Promise<string | null> {
    for (let attempt = 0; ; attempt++) {
      const id = await whoIs()
      if (id !== undefined) return id
      const last = lastRider(storage)
      if (last !== null) return last
      await wait.forMs(backoffMs(attempt, Math.random()))
    }
  }

  async function whoIs(): Promise<string | null | undefined> {
    const answer = await server.query(whoIsQuery, {})
    if (!answer.ok) return isNobody(answer.failure) ? null : undefined
    const id = answer.data.viewer?.id ?? null
    setLastRider(storage, id)
    return id
  }

  /** Where what is kept cannot be read, its rider says when it is tried again. */
  async function record(signal: AbortSignal): Promise<void> {
    try {
      await recordHere(signal)
    } catch (error) {
      if (!signal.aborted) view.set({ status: 'not read', fault: keepFaultOf(error) })
    }
  }

  async function recordHere(signal: AbortSignal): Promise<void> {
    if (store === null || riderId === null) return
    const opened = await openRidesHere({
      ...{ store, riderId, server, whoIs, say: sending.set, pause: wait.forMs },
      ...{ newId: () => crypto.randomUUID(), now: () => performance.now() },
      ...{ random: Math.random, holds: onServer.holds, hasEnd: onServer.hasEnd },
      changed() {
        if (opened.fault === null) timesAnew = 0
        if (rides === opened) publish()
      },
      lost: (unwritten) => rides === opened && void beginAnew(unwritten),
    })
    if (signal.aborted) return
    rides = opened
    const { current } = rides
    if (current !== null) {
      const { lastAt, status, rideId } = current.recording
      clock = clockFrom(lastAt)
      isAsking = status !== 'ENDED' && Date.now() - lastAt > longSilenceMs
      onServer.watch(rideId)
    }
    publish()
    const { unwritten } = reading ?? { unwritten: [] }
    reading = null
    for (const decide of unwritten) void opened.write(decide)
    await opened.send(signal)
  }

  /**
   * The tab that recorded before wrote once more while this one read: this one reads again. What was to be written meanwhile is
   * not lost by that.
   */
  async function beginAnew(unwritten: readonly Decide[]): Promise<void> {
    rides = null
    const turn = { unwritten: [...unwritten] }
    reading = turn
    if (timesAnew > 0) await wait.forMs(backoffMs(timesAnew, Math.random()))
    timesAnew += 1
    if (reading === turn && oneTab?.beginAnew() !== true) letGo()
  }

  function letGo(): void {
    rides = null
    reading = null
    publish()
  }

  function publish(): void {
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
    void write(({ status, lastAt }) => {
      if (status !== 'ACTIVE') return []
      const time = positionTime({ ...clock, lastAt }, position.timestamp, nowMs, performance.timeOrigin)
      clock = time.clock
      const found = time.at === null ? null : takePosition(position.coords, time.at, charge.get())
      return found === null ? [] : [{ type: 'PositionTaken', position: found }]
    })
  }

  async function write(decide: Decide): Promise<boolean> {
    if (rides !== null) return rides.write(decide)
    reading?.unwritten.push(decide)
    return false
  }

  function command(
    type: 'RidePaused' | 'RideResumed' | 'RideEnded',
    isLegal: (status: Recording['status']) => boolean,
    nowMs = Date.now(),
  ): Promise<boolean> {
    return write(({ status, lastAt }) => {
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
      if (rides !== null) publish()
    },
    async start(title, visibility) {
      if (rides === null) return 'The recorder is not ready. Load the page again.'
      locator.watch()
      if ((await mayLocate()) !== 'granted') await answered(locator)
      const { status } = locator.locating.get()
      if (status === 'denied' || status === 'insecure') return undefined
      // Whoever was asked may have gone on in another tab meanwhile.
      const here = rides as RidesHere | null
      if (here === null) return 'Another tab records now. Nothing was started here.'
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
      const lastAt = rides?.current?.recording.lastAt
      return command('RideEnded', (status) => status !== 'ENDED', when === 'now' ? Date.now() : lastAt)
    },
    async goOn() {
      const current = rides?.current
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
      rides?.putAside()
      onServer.watch(null)
      publish()
    },
    async discard(rideId) {
      await rides?.discard(rideId)
      publish()
    },
    takeOver: () => oneTab?.takeOver(),
    retryNow: () => wait.wake(),
    readAgain() {
      view.set({ status: 'opening' })
      if (oneTab === null) void open()
      else if (!oneTab.beginAnew()) oneTab.takeOver()
    },
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

/** What a page that is too old asks is not taken either, whoever is signed in. */
function isNobody(failure: Failure): boolean {
  return failure.kind === 'final' && (failure.code === 'UNAUTHENTICATED' || failure.code === 'FORBIDDEN')
}

/** As the server takes it. */
function titleOf(title: string): string | null {
  const trimmed = title.toWellFormed().replaceAll('\0', '').trim().slice(0, 200).trim()
  return trimmed === '' ? null : trimmed
}
