import { expect, test } from 'vitest'
import type { Complaint } from '../../../../web/forms/complaint.ts'
import { deleteForGood, type Means } from '../../../../web/settings/data/delete-for-good.ts'

const ana = { email: 'ana@example.org', hasPassword: true }
const typed = { email: 'ana@example.org', password: 'a long enough password' }

/** An account, and what was done about it, in order. */
function account({ refusal, ...means }: Partial<Means> & { refusal?: Complaint } = {}) {
  const done: unknown[] = []
  const all: Means = {
    sessions: {
      async deleteAccount(sure) {
        done.push(['delete', sure])
        return refusal
      },
      async leave(address) {
        done.push(['leave', address])
      },
    },
    whoIs: async () => 'ana',
    lastRider: () => 'who was here last',
    async forgetRecordings(riderId) {
      done.push(['forget', riderId])
    },
    ...means,
  }
  return { done, means: all }
}

test.each(['', 'bea@example.org', 'ana@example.or'])(
  'nothing is deleted, nor asked, where %j is typed in place of the e-mail',
  async (email) => {
    const { done, means } = account({ whoIs: () => Promise.reject(new Error('not to be asked')) })
    expect(await deleteForGood(means, ana, { ...typed, email })).toBe(
      'Type your e-mail as it is: ana@example.org',
    )
    expect(done).toEqual([])
  },
)

test('an account goes by its password, with what its rider recorded here, and then one is nobody', async () => {
  const { done, means } = account()
  expect(await deleteForGood(means, ana, { ...typed, email: ' Ana@Example.org ' })).toBeUndefined()
  expect(done).toEqual([
    ['delete', { password: 'a long enough password' }],
    ['forget', 'ana'],
    ['leave', '/account/deleted'],
  ])
})

test('where one signs in with a provider alone the e-mail says that it is meant', async () => {
  const { done, means } = account()
  await deleteForGood(means, { ...ana, hasPassword: false }, { ...typed, password: '' })
  expect(done[0]).toEqual(['delete', { email: 'ana@example.org' }])
})

test('what the server refuses is said, and nothing is forgotten', async () => {
  const { done, means } = account({ refusal: 'This is not your password.' })
  expect(await deleteForGood(means, ana, typed)).toBe('This is not your password.')
  expect(done).toEqual([['delete', { password: 'a long enough password' }]])
})

const unheard: readonly [string, Partial<Means>, unknown[]][] = [
  ['nobody says who it is', { whoIs: async () => undefined }, [['forget', 'who was here last']]],
  ['nobody was ever here', { whoIs: async () => undefined, lastRider: () => null }, []],
  ['the browser keeps nothing', { forgetRecordings: () => Promise.reject(new Error('no store')) }, []],
]

test.each(unheard)('where %s the account goes all the same', async (_, means, forgotten) => {
  const made = account(means)
  expect(await deleteForGood(made.means, ana, typed)).toBeUndefined()
  expect(made.done.slice(1)).toEqual([...forgotten, ['leave', '/account/deleted']])
})
