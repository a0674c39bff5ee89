/**
 * Whose turn it is to record: that of the rider who is signed in, and of one tab of this browser.
 *
 *     opening ─► recording ◄─► elsewhere (another tab records)
 *        └─► signed out, no storage, not read
 */
import { lastRider, setLastRider } from '../account/last-rider.ts'
import { backoffMs, createWait } from '../graphql/backoff.ts'
import type { Server } from '../graphql/client.ts'
import type { Failure } from '../graphql/failure.ts'
import { whoIsQuery } from './documents.ts'
import { type KeepFault, keepFaultOf } from './keep-fault.ts'
import { asOneTab, type OneTab } from './one-tab.ts'
import type { RecordingStore } from './recording-store.ts'
import type { watchOnServer } from './ride-on-server.ts'
import { type Decide, openRidesHere, type RidesHere } from './rides-here.ts'
import type { Sending } from './sender.ts'

/** What the recorder shows where it does not record here. */
export type NotRecording =
  | { readonly status: 'opening' | 'no storage' | 'elsewhere' }
  /** What is recorded here could not be read. */
  | { readonly status: 'not read'; readonly fault: KeepFault }
  /** `hasRides`: of others, or of whoever signs in. */
  | { readonly status: 'signed out'; readonly hasRides: boolean }

export interface TurnMeans {
  readonly server: Pick<Server, 'query' | 'mutate' | 'socket'>
  readonly storage: Storage
  readonly onServer: Pick<ReturnType<typeof watchOnServer>, 'holds' | 'hasEnd'>
  openStore(): Promise<RecordingStore>
  readonly view: { set(view: NotRecording): void }
  say(sending: Sending): void
  /** This tab records, and has read what there is. */
  begun(rides: RidesHere): void
  /** The rides are otherwise, or it is another tab's turn. */
  changed(): void
}

export interface Turn {
  /** Null while it is not this tab's. */
  readonly rides: RidesHere | null
  /** Of the current ride. False: it is not written down yet, or there is none here. */
  write(decide: Decide): Promise<boolean>
  takeOver(): void
  /** What waits is tried now. */
  retryNow(): void
  /** Opens what could not be read. */
  readAgain(): void
}

export function takeTurns(means: TurnMeans): Turn {
  const { server, storage, openStore, onServer, view, say, begun, changed } = means
  const wait = createWait()
  let store: RecordingStore | null = null
  let riderId: string | null = null
  /** Null while another tab records. */
  let rides: RidesHere | null = null
  /** While they are read again: what is to be written then. */
  let reading: { readonly unwritten: Decide[] } | null = null
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
      ...{ store, riderId, server, whoIs, say, pause: wait.forMs },
      ...{ newId: () => crypto.randomUUID(), now: () => performance.now() },
      ...{ random: Math.random, holds: onServer.holds, hasEnd: onServer.hasEnd },
      changed() {
        if (opened.fault === null) timesAnew = 0
        if (rides === opened) changed()
      },
      lost: (unwritten) => rides === opened && void beginAnew(unwritten),
    })
    if (signal.aborted) return
    rides = opened
    begun(opened)
    changed()
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
    changed()
  }

  return {
    get rides() {
      return rides
    },
    async write(decide: Decide): Promise<boolean> {
      if (rides !== null) return rides.write(decide)
      reading?.unwritten.push(decide)
      return false
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

/** What a page that is too old asks is not taken either, whoever is signed in. */
function isNobody(failure: Failure): boolean {
  return failure.kind === 'final' && (failure.code === 'UNAUTHENTICATED' || failure.code === 'FORBIDDEN')
}
