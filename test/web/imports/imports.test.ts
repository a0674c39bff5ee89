import { describe, expect, it } from 'vitest'
import { type ImportAnswer, importAnswer } from '../../../web/imports/import-answer.ts'
import { summaryInWords } from '../../../web/imports/import-words.ts'
import { createImports } from '../../../web/imports/imports.ts'
import { eventually } from '../../support/eventually.ts'

const imported: ImportAnswer = { kind: 'imported', rideId: 'a', version: 3, wasThere: false, leftOut: 0 }
const busy: ImportAnswer = { kind: 'again', message: 'Busy.', retryAfterMs: 9_000 }

describe('files that are imported', () => {
  it('go two at a time, and the others follow', async () => {
    let under = 0
    let most = 0
    const imports = createImports({
      pause: async () => undefined,
      send: async () => {
        under += 1
        most = Math.max(most, under)
        await new Promise((resolve) => setImmediate(resolve))
        under -= 1
        return imported
      },
    })
    imports.add(['a', 'b', 'c', 'd', 'e'].map((name) => new File(['x'], name)))
    await eventually('all', () => imports.files.get().every(({ state }) => state.status === 'imported'))
    expect(most).toBe(2)
  })

  it('are sent once more by themselves after as long as the server says, and then when somebody says so', async () => {
    const pauses: number[] = []
    const answers = [busy, busy, imported]
    const imports = createImports({
      pause: async (milliseconds) => void pauses.push(milliseconds),
      send: async () => answers.shift() ?? busy,
    })
    imports.add([new File(['x'], 'a.gpx')])
    await eventually('the failure', () => imports.files.get()[0]?.state.status === 'failed')
    expect(pauses).toEqual([9_000])
    expect(summaryInWords(imports.files.get())).toBe('1 not sent')
    imports.retryFailed()
    await eventually('the ride', () => imports.files.get()[0]?.state.status === 'imported')
  })

  it('at the time of another ride wait for the answer of its rider', async () => {
    const asked: boolean[] = []
    const imports = createImports({
      pause: async () => undefined,
      send: async (_, isSure) => {
        asked.push(isSure)
        return isSure ? imported : { kind: 'at same time', rideId: 'b' }
      },
    })
    imports.add([new File(['x'], 'a.gpx')])
    const state = () => imports.files.get()[0]?.state
    await eventually('the question', () => state()?.status === 'at same time')
    expect(state()).toEqual({ status: 'at same time', rideId: 'b' })
    expect(summaryInWords(imports.files.get())).toBe('1 waiting for your answer')
    imports.retryFailed()
    imports.importAllTheSame(imports.files.get()[0]?.id ?? 0)
    await eventually('the ride', () => state()?.status === 'imported')
    expect(asked).toEqual([false, true])
    imports.add([new File(['x'], 'b.gpx')], true)
    await eventually('the other', () => imports.files.get()[1]?.state.status === 'imported')
    expect(asked).toEqual([false, true, true])
  })

  it('are told apart by what the server says', () => {
    expect(importAnswer(201, '{"rideId":"a","version":3,"leftOut":2,"alreadyImported":false}')).toEqual({
      ...imported,
      leftOut: 2,
    })
    expect(importAnswer(422, '{"code":"INVALID_INPUT","message":"No ride."}')).toEqual({
      kind: 'refused',
      message: 'No ride.',
    })
    expect(importAnswer(409, '{"code":"RIDE_AT_SAME_TIME","message":"There is.","rideId":"b"}')).toEqual({
      kind: 'at same time',
      rideId: 'b',
    })
    expect(importAnswer(503, '{"code":"OVERLOADED","message":"Later.","retryAfter":2}').kind).toBe('again')
    expect(importAnswer(408, '{"message":"Too slow."}').kind).toBe('again')
    expect(importAnswer(502, '<html>').kind).toBe('again')
    expect(importAnswer(0, '').kind).toBe('again')
    expect(importAnswer(401, '{}').kind).toBe('signed out')
  })
})
