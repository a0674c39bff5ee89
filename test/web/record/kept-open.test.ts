/** A database that the browser closes under the app. */
import { expect, it } from 'vitest'
import { keptOpen } from '../../../web/record/kept-open.ts'

function openings() {
  const opened: { isClosed: boolean; close(): void; write(): Promise<string>; tell(): void }[] = []
  const open = async (tell: () => void) => {
    const number = opened.length + 1
    const database = {
      ...{ isClosed: false, tell },
      close() {
        database.isClosed = true
      },
      async write() {
        if (database.isClosed) throw new DOMException('The connection is closing', 'InvalidStateError')
        return `written by ${number}`
      },
    }
    opened.push(database)
    return database
  }
  return { opened, open }
}

it.each([true, false])('is opened again, whether the browser told of it (%s) or not', async (isTold) => {
  const { opened, open } = openings()
  const kept = await keptOpen(open)
  expect(await kept.use((database) => database.write())).toBe('written by 1')
  opened[0]?.close()
  if (isTold) opened[0]?.tell()
  const both = [kept.use((database) => database.write()), kept.use((database) => database.write())]
  expect(await Promise.all(both)).toEqual(['written by 2', 'written by 2'])
  expect(opened).toHaveLength(2)
})

it.each(['QuotaExceededError', 'VersionError', 'ConstraintError', 'DataCloneError'])(
  'is not opened again for a fault of another kind (%s)',
  async (name) => {
    const { opened, open } = openings()
    const kept = await keptOpen(open)
    const full = () => Promise.reject(new DOMException('No room', name))
    await expect(kept.use(full)).rejects.toThrow('No room')
    expect(opened).toHaveLength(1)
  },
)

it.each(['AbortError', 'UnknownError'])(
  'is opened again where what was under way was broken off (%s)',
  async (name) => {
    const { opened, open } = openings()
    const kept = await keptOpen(open)
    let isBroken = true
    const written = kept.use(async (database) => {
      if (isBroken) {
        isBroken = false
        throw new DOMException('Broken off', name)
      }
      return database.write()
    })
    expect(await written).toBe('written by 2')
    expect(opened[0]?.isClosed).toBe(true)
  },
)
