import { expect, it } from 'vitest'
import { expiryOf } from '../../../web/forms/lifetime.ts'

it('a lifetime is days, or for ever', () => {
  const now = new Date('2026-05-31T08:00:00Z')
  expect(expiryOf('7', now)).toBe('2026-06-07T08:00:00.000Z')
  expect(expiryOf('ever', now)).toBeNull()
})
