import { expect, test } from 'vitest'
import type { Answer } from '../../../web/graphql/client.ts'
import type { Failure } from '../../../web/graphql/failure.ts'
import type { HistoryRide } from '../../../web/history/documents.ts'
import { createHistoryList } from '../../../web/history/history-list.ts'
import { eventually } from '../../support/eventually.ts'
import { fakeServer } from '../fake-server.ts'

function ride(id: string, title = id): HistoryRide {
  return {
    id,
    title,
    version: 1,
    status: 'FINISHED',
    startedAt: '2026-05-31T08:00:00Z',
    timeZone: null,
    rider: { id: 'me', name: 'Me' },
    progress: null,
    statistics: null,
    route: null,
  }
}

const again: Failure = { kind: 'again', retryAfterMs: null }

/** A server that has these rides, and does not answer while it is away. */
function serverOf(rides: HistoryRide[]) {
  const asked: Record<string, unknown>[] = []
  const state = { rides, isAway: false, asked, comeBack: () => {} }
  const server = {
    async query<Data>(_: unknown, variables: Record<string, unknown>): Promise<Answer<Data>> {
      asked.push(variables)
      if (state.isAway) return { ok: false, failure: again }
      const first = typeof variables['first'] === 'number' ? variables['first'] : 0
      const from = Number(variables['after'] ?? 0)
      const answer = {
        rides: {
          nodes: state.rides.slice(from, from + first),
          pageInfo: { hasNextPage: from + first < state.rides.length, endCursor: String(from + first) },
          totalCount: state.rides.length,
          totalCountIsExact: true,
        },
      }
      return { ok: true, data: answer as Data }
    },
    socket: {
      pause: () =>
        new Promise<void>((resolve) => {
          state.comeBack = resolve
        }),
    },
  }
  return { state, list: () => createHistoryList(server, { filter: null, order: 'STARTED_AT_DESC' }) }
}

const many = (count: number) => Array.from({ length: count }, (_, index) => ride(`ride ${index}`))

test('a list is read page by page, and counted once', async () => {
  const { state, list } = serverOf(many(70))
  const { state: shown, loadMore } = list()
  await eventually('the count', async () => shown.get().total !== null)
  expect(shown.get()).toMatchObject({ status: 'ready', hasMore: true, total: { count: 70, isExact: true } })
  expect(shown.get().rides).toHaveLength(30)
  // Asked for twice at a time it is loaded once.
  await Promise.all([loadMore(), loadMore()])
  expect(shown.get().rides).toHaveLength(60)
  await loadMore()
  await loadMore()
  expect(shown.get()).toMatchObject({ hasMore: false, more: 'idle' })
  expect(shown.get().rides).toHaveLength(70)
  expect(state.asked).toHaveLength(4)
})

test('a short list is its own count', async () => {
  const { state, list } = serverOf(many(3))
  const { state: shown } = list()
  await eventually('the count', async () => shown.get().total !== null)
  expect(shown.get().total).toEqual({ count: 3, isExact: true })
  expect(state.asked).toHaveLength(1)
})

test('asked for again, all that was loaded is as it is now', async () => {
  const { state, list } = serverOf(many(70))
  const { state: shown, loadMore, reload } = list()
  await eventually('the count', async () => shown.get().total !== null)
  await loadMore()
  state.rides = [ride('new'), ...many(70).filter(({ id }) => id !== 'ride 5')]
  await reload()
  const ids = shown.get().rides.map(({ id }) => id)
  expect(ids[0]).toBe('new')
  expect(ids).not.toContain('ride 5')
  expect(ids).toHaveLength(60)
  expect(new Set(ids).size).toBe(60)
})

test('while the server is away nothing that is known is lost, and it is asked when it is back', async () => {
  const { state, list } = serverOf(many(40))
  state.isAway = true
  const { state: shown, loadMore, reload } = list()
  await eventually('the failure', async () => shown.get().status === 'failed')
  state.isAway = false
  state.comeBack()
  await eventually('the rides', async () => shown.get().status === 'ready')
  state.isAway = true
  await loadMore()
  expect(shown.get()).toMatchObject({ more: 'failed', status: 'ready' })
  await reload()
  expect(shown.get()).toMatchObject({ status: 'ready', failure: again })
  expect(shown.get().rides).toHaveLength(30)
  state.isAway = false
  await loadMore()
  expect(shown.get().rides).toHaveLength(40)
})

test('of two reloads the answer to the later one counts, though the earlier comes last', async () => {
  const { server, questions } = fakeServer()
  const { state, reload } = createHistoryList(server, { filter: null, order: 'STARTED_AT_DESC' })
  const pageInfo = { hasNextPage: false, endCursor: null }
  void reload()
  await questions[1]?.answer({ rides: { nodes: [ride('one')], pageInfo } })
  await questions[0]?.answer({ rides: { nodes: [ride('one'), ride('hidden since')], pageInfo } })
  expect(state.get().rides.map(({ id }) => id)).toEqual(['one'])
})
