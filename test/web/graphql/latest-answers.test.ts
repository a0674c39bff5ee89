import { expect, test } from 'vitest'
import { latestAnswers } from '../../../web/graphql/latest-answers.ts'

/** Questions that are answered when the test says so. */
function asked() {
  const latest = latestAnswers<string>()
  const replies: ((reply: string) => void)[] = []
  const ask = (key: string) =>
    latest.ask(key, () => {
      const { promise, resolve } = Promise.withResolvers<string>()
      replies.push(resolve)
      return promise
    })
  return { latest, replies, ask }
}

test('an answer that is overtaken does not count', async () => {
  const { latest, replies, ask } = asked()
  latest.want('a')
  const [before, after] = [ask('a'), ask('a')]
  replies[1]?.('newer')
  replies[0]?.('older')
  expect(await before).toBeUndefined()
  expect(await after).toBe('newer')
})

test('an answer to what was wanted before does not count, also where it comes first', async () => {
  const { latest, replies, ask } = asked()
  latest.want('a')
  const before = ask('a')
  latest.want('b')
  replies[0]?.('of a')
  expect(await before).toBeUndefined()
  const after = ask('b')
  replies[1]?.('of b')
  expect(await after).toBe('of b')
})

test('whoever asks for what nobody wants any more takes no answer from what is wanted', async () => {
  const { latest, replies, ask } = asked()
  latest.want('a')
  latest.want('b')
  const wanted = ask('b')
  expect(await ask('a')).toBeUndefined()
  expect(replies).toHaveLength(1)
  replies[0]?.('of b')
  expect(await wanted).toBe('of b')
})
