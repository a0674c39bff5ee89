import { expect, test } from 'vitest'
import type { Session } from '../../../web/account/session.ts'
import { mayRecord, type Reader } from '../../../web/app/reader.ts'

const offer = { signUp: true, provider: false }
const unknown: Session = { status: 'loading' }
const nobody: Session = { status: 'nobody', offer }
const reader: Reader = { session: nobody, isAdministrator: false, connection: 'connected', ride: null }

test('the recorder is shown without a network too, where nobody can say who is signed in', () => {
  expect(mayRecord({ ...reader, session: unknown, connection: 'offline' })).toBe(true)
  expect(mayRecord({ ...reader, session: unknown, connection: 'reconnecting' })).toBe(true)
  // With one it is known in a moment: what would go again is not shown.
  expect(mayRecord({ ...reader, session: unknown, connection: 'connecting' })).toBe(false)
  expect(mayRecord({ ...reader, connection: 'offline' })).toBe(false)
})

test('the recorder is shown to whoever has rides, and while one is recorded', () => {
  expect(mayRecord({ ...reader, session: { status: 'none' } })).toBe(true)
  expect(mayRecord({ ...reader, session: { status: 'rider', offer, name: 'A', email: 'a' } })).toBe(true)
  expect(mayRecord({ ...reader, ride: 'PAUSED' })).toBe(true)
  expect(mayRecord(reader)).toBe(false)
})
