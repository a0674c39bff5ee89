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
  return `${whyNot(fault)} What comes now waits in this page: leave it open. ${wayOut(fault)}`
}

/** Where none is: what was asked for has not been done. */
export function whyNot(fault: KeepFault): string {
  switch (fault) {
    case 'full':
      return 'This phone can keep no more: its storage is full.'
    case 'newer app':
      return 'A newer Slipstream is open in this browser, and this page is too old to write down more.'
    case 'closed':
      return 'This browser does not write down what is recorded: it has closed its storage.'
    default:
      return fault satisfies never
  }
}

function wayOut(fault: KeepFault): string {
  switch (fault) {
    case 'full':
      return 'It is written down as soon as there is room: make some.'
    case 'newer app':
      return 'Load the page again to go on: what waits in it is lost then.'
    case 'closed':
      return 'It is tried again by itself. If that does not help, load the page again: what waits in it is lost then.'
    default:
      return fault satisfies never
  }
}
