/**
 * Why something was not done, in words for the person who sits before the form. The server's sentences say to a program what
 * to send; where they cannot be about what was entered, the page has its own.
 */

/** Undefined where it was done; otherwise a sentence that says what is the matter. */
export type Complaint = string | undefined

/** A member of a mutation's union that is an error. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

export const away = 'The server does not answer. Try again in a moment.'

const own: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'You are not signed in any more. Sign in again.',
  RIDE_NOT_FOUND: 'This ride is not there any more.',
  RATE_LIMITED: 'That was too much at once. Try again in a minute.',
  OVERLOADED: away,
}

/** @param refusal null or undefined: there was no answer. */
export function complaintAbout(refusal: Refusal | null | undefined): string {
  if (refusal === null || refusal === undefined) return away
  return own[refusal.code] ?? refusal.message
}
