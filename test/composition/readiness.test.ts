import { expect, test } from 'vitest'
import { openReadiness, type ReadinessOptions } from '#composition/readiness.ts'
import type { ProjectionStatus } from '#projections/administration.ts'

/** A process whose database says what the test says; `at` is the time in seconds, `setBack` by how much less the database's clock shows. */
function stage(role: ReadinessOptions['role'] = 'api') {
  const scene = {
    at: 0,
    setBack: 0,
    isOpen: true,
    isLeaving: false,
    isAway: false,
    isFull: false,
    asked: 0,
    status: async (): Promise<ProjectionStatus[]> => [],
    /** The routes' tables have come to `position` and are so many seconds behind. */
    stand(position: number, behind: number, state: ProjectionStatus['state'] = 'serving'): void {
      const behindSince = behind === 0 ? null : 1_000 * (scene.at - scene.setBack - behind)
      const partitions = [{ partition: 0, position, head: 100, behindSince }]
      scene.status = async () => [
        { projection: 'routes', version: 1, state, since: 0, parkedRides: 0, partitions },
      ]
    },
  }
  const ask = openReadiness({
    role,
    isOpen: () => scene.isOpen,
    isLeaving: () => scene.isLeaving,
    isAway: () => scene.isAway,
    isFull: () => scene.isFull,
    now: () => 1_000 * (scene.at - scene.setBack),
    ticks: () => 1_000 * scene.at,
    status() {
      scene.asked++
      return scene.status()
    },
  })
  const readiness = async () => (await ask()).sentence
  const forTraffic = async () => (await ask('traffic')).sentence
  return Object.assign(scene, { readiness, forTraffic })
}

test.each(['api', 'all'] as const)(
  'what is read may be hours behind: %s serves, and says so',
  async (role) => {
    const scene = stage(role)
    scene.stand(100, 0)
    expect(await scene.readiness()).toBe('ready')
    scene.at = 2
    scene.stand(7, 7_200)
    expect(await scene.readiness()).toBe('ready; what is read is 7200 s behind')
  },
)

test('a worker that works off what has piled up is ready; one that does not move is not', async () => {
  const scene = stage('worker')
  scene.stand(1, 3_600)
  expect(await scene.readiness()).toBe(
    'not ready: the projection routes does not move and is 3600 s behind in partition 0',
  )
  scene.at = 2
  scene.stand(2, 3_600)
  expect(await scene.readiness()).toBe('ready')
  scene.at = 60
  scene.stand(2, 3_660)
  expect(await scene.readiness()).toBe('ready')
  scene.at = 63
  scene.stand(2, 3_663)
  expect(await scene.readiness()).toContain('does not move and is 3663 s behind')
  scene.at = 65
  scene.stand(100, 0)
  expect(await scene.readiness()).toBe('ready')
})

test('a worker has nothing to do for an hour, and then something new: it is ready', async () => {
  const scene = stage('worker')
  scene.stand(100, 0)
  expect(await scene.readiness()).toBe('ready')
  scene.at = 3_600
  scene.stand(100, 3)
  expect(await scene.readiness()).toBe('ready')
})

test('tables that are built beside those that are read make nobody unready', async () => {
  const scene = stage('worker')
  scene.stand(0, 86_400, 'building')
  expect(await scene.readiness()).toBe('ready')
})

test('the database is asked once a second, however many ask', async () => {
  const scene = stage()
  await Promise.all([scene.readiness(), scene.readiness(), scene.readiness()])
  scene.at = 0.9
  await scene.readiness()
  expect(scene.asked).toBe(1)
  scene.at = 1
  await scene.readiness()
  expect(scene.asked).toBe(2)
})

test('a database that answers nothing holds no probe up: the last answer is given, then that it does not answer', async () => {
  const scene = stage()
  expect(await scene.readiness()).toBe('ready')
  scene.status = () => new Promise(() => undefined)
  scene.at = 2
  const asked = performance.now()
  expect(await scene.readiness()).toBe('ready')
  expect(performance.now() - asked).toBeLessThan(1_000)
  await expect.poll(scene.readiness, { timeout: 10_000 }).toBe('not ready: the database does not answer')
})

test('one that refuses, or is known to be away, is said at once, and so is that the process stops', async () => {
  const scene = stage()
  scene.status = () => Promise.reject(new Error('refused'))
  expect(await scene.readiness()).toBe('not ready: the database does not answer')
  scene.isOpen = false
  expect(await scene.readiness()).toBe('not ready: it is starting')
  scene.isOpen = true
  scene.isAway = true
  expect(await scene.readiness()).toBe('not ready: the database is away')
  scene.isLeaving = true
  expect(await scene.readiness()).toBe('not ready: it is stopping')
})

test('on a full disk an API is still read from, and says so; a worker can do nothing', async () => {
  const said = async (role: 'api' | 'all' | 'worker') => {
    const scene = stage(role)
    scene.isFull = true
    return scene.readiness()
  }
  const served = 'ready; the disk of the database has no room, and no command is taken'
  expect(await said('api')).toBe(served)
  expect(await said('all')).toBe(served)
  expect(await said('worker')).toBe('not ready: the disk of the database has no room')
})

test('the clock of the database is set back an hour: it is asked as before, and a worker that stands still is unready', async () => {
  const scene = stage('worker')
  scene.stand(7, 0)
  expect(await scene.readiness()).toBe('ready')
  scene.at = 2
  scene.setBack = 3_600
  scene.stand(7, 3_600)
  expect(await scene.readiness()).toBe('ready')
  expect(scene.asked).toBe(2)
  scene.at = 63
  scene.stand(7, 3_661)
  expect(await scene.readiness()).toContain('does not move and is 3661 s behind')
  expect(scene.asked).toBe(3)
})

test('a version that is gone is forgotten, and one of its name is looked at as if for the first time', async () => {
  const scene = stage('worker')
  scene.stand(7, 0)
  await scene.readiness()
  scene.at = 2
  scene.status = async () => []
  expect(await scene.readiness()).toBe('ready')
  scene.at = 4
  scene.stand(7, 3_600)
  expect(await scene.readiness()).toContain('does not move')
})

test('requests are sent to it from when it is open until it is to stop, whatever the database does', async () => {
  const scene = stage()
  scene.status = () => Promise.reject(new Error('refused'))
  expect(await scene.readiness()).toContain('not ready')
  expect(await scene.forTraffic()).toBe('ready for requests')
  scene.isAway = true
  expect(await scene.forTraffic()).toBe('ready for requests')
  scene.isOpen = false
  expect(await scene.forTraffic()).toBe('not ready: it is starting')
  scene.isOpen = true
  scene.isLeaving = true
  expect(await scene.forTraffic()).toBe('not ready: it is stopping')
})
