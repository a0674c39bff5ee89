/** The recorder of a tab, with what a browser is to it: a phone's storage, the locks of tabs, and a server. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createRecorder, type RecordingApp } from '../../../web/record/recorder.ts'
import type { StoredRide } from '../../../web/record/recording-store.ts'
import { createCell } from '../../../web/state/cell.ts'
import { eventually } from '../../support/eventually.ts'
import { memoryStorage, memoryStore } from './memory-store.ts'
import { ana, started } from './phone.ts'

/** Where the browser is asked whether the page may know where it is. */
let permission: () => Promise<{ state: PermissionState }>

beforeEach(() => {
  permission = async () => ({ state: 'granted' })
  const target = () => Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const window = Object.assign(target(), { isSecureContext: true })
  vi.stubGlobal('document', target())
  vi.stubGlobal('window', window)
  vi.stubGlobal('navigator', {
    // Locks of each test are its own, and held until it is over.
    locks: createLocks(),
    permissions: { query: () => permission() },
    geolocation: { watchPosition: () => 1, clearWatch: () => undefined },
  })
})
afterEach(() => vi.unstubAllGlobals())

it('goes on where the tab that it took over from has written once more', async () => {
  const phone = memoryStore()
  const first = open(phone)
  await eventually('the first to record', () => first.view.get().status === 'ready')
  await first.start('', 'PRIVATE')
  const second = open(phone)
  await eventually('the second to wait', () => second.view.get().status === 'elsewhere')
  second.takeOver()
  await eventually('the second to record', () => second.view.get().status === 'ready')
  const view = second.view.get()
  if (view.status !== 'ready' || view.current === null) throw new Error('Nothing is recorded')
  const { rideId } = view.current.recording
  // What the first tab was about to write down comes after the second has read all that there was.
  const length = phone.entriesOf(rideId).length
  const late: StoredRide = { rideId, riderId: ana, startedAt: started.at, length }
  const at = Date.now()
  await phone.store.append(late, [
    { type: 'PositionTaken', position: { at, latitude: 46, longitude: 7, accuracy: 5 } },
  ])
  second.pause()
  await eventually('the pause to be kept', () => typesOf(phone.entriesOf(rideId)).includes('RidePaused'))
  expect(typesOf(phone.entriesOf(rideId))).toEqual(['RideStarted', 'PositionTaken', 'RidePaused'])
  await eventually('it to be shown', () => {
    const now = second.view.get()
    return now.status === 'ready' && now.current?.recording.status === 'PAUSED'
  })
})

it('says that what is kept cannot be read, and reads it when it is asked to', async () => {
  const phone = memoryStore()
  const { ridesOf } = phone.store
  phone.store.ridesOf = () => Promise.reject(new DOMException('Connection lost', 'UnknownError'))
  const recorder = open(phone)
  await eventually('it to be said', () => recorder.view.get().status === 'not read')
  phone.store.ridesOf = ridesOf
  recorder.readAgain()
  await eventually('it to be read', () => recorder.view.get().status === 'ready')
})

it('begins nothing where another tab took over while the rider was asked', async () => {
  const phone = memoryStore()
  const first = open(phone)
  await eventually('the first to record', () => first.view.get().status === 'ready')
  let answer = (_: { state: PermissionState }) => {}
  permission = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const starting = first.start('', 'PRIVATE')
  const second = open(phone)
  await eventually('the second to wait', () => second.view.get().status === 'elsewhere')
  second.takeOver()
  await eventually('the first to wait', () => first.view.get().status === 'elsewhere')
  answer({ state: 'granted' })
  expect(await starting).toBe('Another tab is recording now. Nothing was started here.')
  expect(await phone.store.ridesOf(ana)).toEqual([])
})

function open({ store }: ReturnType<typeof memoryStore>) {
  const away = { ok: false, failure: { kind: 'again', retryAfterMs: null } } as const
  const app = {
    server: {
      query: async () => ({ ok: true, data: { viewer: { id: ana } } }),
      mutate: async () => away,
      socket: { connection: { status: createCell('connected') }, pause: async () => undefined },
    },
    underWay: createCell(null),
  }
  return createRecorder(app as never as RecordingApp, memoryStorage(), async () => store)
}

function typesOf(entries: readonly { readonly type: string }[]): readonly string[] {
  return entries.map(({ type }) => type)
}

/** As browsers have them, of one lock. */
function createLocks(): Pick<LockManager, 'request'> {
  const before = `${Math.random()}`
  const { locks } = globalThis.navigator
  return {
    request: (name: string, options: LockOptions, given: LockGrantedCallback<unknown>) =>
      locks.request(before + name, options, given),
  } as Pick<LockManager, 'request'>
}
