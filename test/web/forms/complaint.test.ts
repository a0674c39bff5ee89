import { expect, it } from 'vitest'
import { away, complaintAbout } from '../../../web/forms/complaint.ts'

it('what the server says to programs is said in other words, what it says of the input is passed on', () => {
  const message = 'A zone has a radius of 300 to 5000 metres: a smaller one hides too little.'
  expect(complaintAbout({ code: 'INVALID_INPUT', message })).toBe(message)
  expect(complaintAbout({ code: 'OVERLOADED', message: 'Send it again with the same ids.' })).toBe(away)
  expect(complaintAbout({ code: 'UNAUTHENTICATED', message: 'Sign in, or send a token.' })).toMatch(
    /^You are/,
  )
  expect(complaintAbout(null)).toBe(away)
})
