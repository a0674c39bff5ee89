/** What a process knows of credentials, and for how long. */
import { expect, test } from 'vitest'
import { type Holder, Known } from '#identity/known.ts'

const holder: Holder = {
  credentialId: 'a key',
  riderId: 'a rider',
  scopes: ['rides:read'],
  expiresAt: null,
  limitKey: 'key a key',
}

function open(found: () => Holder | { refused: string } | 'unavailable') {
  let clock = 0
  let looks = 0
  const known = new Known(() => clock)
  return {
    known,
    looks: () => looks,
    at: (ms: number) => {
      clock = ms
    },
    find: (credential = 'a secret') =>
      known.find(credential, async () => {
        looks++
        return found()
      }),
  }
}

test('a credential is looked up once, also when it is brought many times at once', async () => {
  const { find, looks } = open(() => holder)
  const answers = await Promise.all([find(), find(), find()])
  expect(answers[0]).toMatchObject({
    outcome: 'known',
    viewer: { riderId: 'a rider', limitKey: 'key a key' },
  })
  expect(looks()).toBe(1)
  expect(find()).toBe(answers[0])
  expect(find()).not.toBeInstanceOf(Promise)
})

test('who was let in is no longer current once the credential is revoked, and it is looked up again', async () => {
  const { find, known, looks } = open(() => holder)
  const answer = await find()
  if (answer.outcome !== 'known') throw new Error('It is not known')
  known.revoke(['another key'])
  expect(answer.viewer.isCurrent()).toBe(true)
  known.revoke(['a key'])
  expect(answer.viewer.isCurrent()).toBe(false)
  await find()
  expect(looks()).toBe(2)
})

test('all that a rider brought is struck off where one revocation names it', async () => {
  const { find, known } = open(() => holder)
  const answers = [await find('one token'), await find('another token')]
  known.revoke(['a key'])
  for (const answer of answers) expect(answer.outcome === 'known' && answer.viewer.isCurrent()).toBe(false)
})

test('it ends at its time without anybody saying so', async () => {
  const { find, at } = open(() => ({ ...holder, expiresAt: 1_000 }))
  const answer = await find()
  if (answer.outcome !== 'known') throw new Error('It is not known')
  at(999)
  expect(answer.viewer.isCurrent()).toBe(true)
  at(1_000)
  expect(answer.viewer.isCurrent()).toBe(false)
  expect(find()).toBeInstanceOf(Promise)
})

test('what is no good is not looked up each time; what could not be found out is', async () => {
  const refused = open(() => ({ refused: 'No.' }))
  expect(await refused.find()).toEqual({ outcome: 'refused', message: 'No.' })
  expect(refused.find()).toEqual({ outcome: 'refused', message: 'No.' })
  expect(refused.looks()).toBe(1)
  const away = open(() => 'unavailable')
  expect(await away.find()).toEqual({ outcome: 'unavailable' })
  await away.find()
  expect(away.looks()).toBe(2)
})

test('what is revoked while it is looked up is looked up again', async () => {
  const answers = [holder, holder, { refused: 'No.' }]
  const { find, known } = open(() => answers.shift() ?? { refused: 'No.' })
  const looking = find()
  known.revoke(['another key'])
  known.revoke(['a key'])
  expect(await looking).toMatchObject({ outcome: 'known' })
  const all = find('another secret')
  known.revokeAll()
  expect(await all).toMatchObject({ outcome: 'refused' })
  expect(answers).toEqual([])
})

test('where nobody can say what is revoked, everything is struck off', async () => {
  const { find, known } = open(() => holder)
  const answer = await find()
  known.revokeAll()
  expect(answer.outcome === 'known' && answer.viewer.isCurrent()).toBe(false)
  const anew = await find()
  expect(anew.outcome === 'known' && anew.viewer.isCurrent()).toBe(true)
})
