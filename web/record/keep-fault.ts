/** Why this browser does not keep what is to be written down, and what its rider does about it. */

export type KeepFault =
  /** There is no room. */
  | 'full'
  /** A newer app has made the storage its own. */
  | 'newer app'
  /** The browser has closed its storage, as phones do in the background, or does not write for another reason. */
  | 'closed'

export function keepFaultOf(error: unknown): KeepFault {
  const name = error instanceof Error ? error.name : ''
  if (name === 'QuotaExceededError') return 'full'
  return name === 'VersionError' ? 'newer app' : 'closed'
}

/** While a ride is recorded. */
export function keepFaultInWords(fault: KeepFault): string {
  return `${whyNot(fault)} What is recorded now is only in this page: leave it open. ${wayOut(fault)}`
}

/** Where none is: what was asked for has not been done. */
export function whyNot(fault: KeepFault): string {
  switch (fault) {
    case 'full':
      return 'This phone’s storage is full.'
    case 'newer app':
      return 'A newer version of Slipstream is open in this browser, and this page is too old to save anything.'
    case 'closed':
      return 'This browser does not save anything at the moment.'
    default:
      return fault satisfies never
  }
}

/** Where what is recorded could not be read. */
export function whyNotRead(fault: KeepFault): string {
  return fault === 'newer app'
    ? 'A newer version of Slipstream is open in this browser, and this page is too old to read its data.'
    : 'This browser does not open its storage at the moment.'
}

function wayOut(fault: KeepFault): string {
  switch (fault) {
    case 'full':
      return 'Free some space, and it is saved by itself.'
    case 'newer app':
      return 'To go on, load the page again: what is only in this page is lost then.'
    case 'closed':
      return 'It tries again by itself. If that does not help, load the page again: what is only in this page is lost then.'
    default:
      return fault satisfies never
  }
}
