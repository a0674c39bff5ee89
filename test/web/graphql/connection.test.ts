import { describe, expect, it } from 'vitest'
import { createConnection } from '../../../web/graphql/connection.ts'
import { judgeProblems } from '../../../web/graphql/failure.ts'

describe('the connection', () => {
  it('says that it was lost, and that it is back', () => {
    const connection = createConnection(true)
    const seen = [connection.status.get()]
    connection.status.subscribe(() => seen.push(connection.status.get()))
    connection.wanted()
    connection.opened()
    connection.closed()
    connection.closed()
    connection.opened()
    expect(seen).toEqual(['idle', 'connecting', 'connected', 'reconnecting', 'connected'])
  })

  it('is connected to a server on this machine without any network', () => {
    const connection = createConnection(false)
    expect(connection.status.get()).toBe('offline')
    connection.opened()
    expect(connection.status.get()).toBe('connected')
  })

  it('is idle where nothing wants it, and again when nothing does any more', () => {
    const connection = createConnection(true)
    expect(connection.status.get()).toBe('idle')
    connection.wanted()
    connection.opened()
    connection.ended()
    expect(connection.status.get()).toBe('idle')
    connection.wanted()
    expect(connection.status.get()).toBe('connecting')
  })

  it('does not stay at "connecting" when the first attempt failed', () => {
    const connection = createConnection(true)
    connection.wanted()
    connection.closed()
    expect(connection.status.get()).toBe('reconnecting')
    connection.networkIs(false)
    expect(connection.status.get()).toBe('offline')
  })
})

describe('an error of the server', () => {
  const judge = (extensions?: Record<string, unknown>) => judgeProblems([{ message: 'no', extensions }])

  it('that asking again would not change is final', () => {
    expect(judge({ code: 'RIDE_NOT_FOUND' })).toEqual({
      kind: 'final',
      code: 'RIDE_NOT_FOUND',
      message: 'no',
    })
  })

  it('of load is asked again when the server says', () => {
    expect(judge({ code: 'OVERLOADED', retryAfter: 2 })).toEqual({ kind: 'again', retryAfterMs: 2_000 })
  })

  it('about a cursor from before a restore begins anew', () => {
    expect(judge({ code: 'CURSOR_UNKNOWN' })).toEqual({ kind: 'restart' })
  })

  it('without a code is asked again', () => {
    expect(judge()).toEqual({ kind: 'again', retryAfterMs: null })
  })
})
