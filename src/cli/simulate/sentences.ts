/** What `npm run simulate` says about how it went. */

import { nobodyThere, refusal } from '#cli/ride/sentences.ts'
import type { Trouble } from './send-ride.ts'
import type { Tally } from './tally.ts'

export function troubleInWords(url: URL, trouble: NonNullable<Trouble>): string {
  return trouble.outcome === 'refused' ? refusal(trouble) : nobodyThere(url, trouble)
}

/** At this moment. */
export function underWay({ riding }: Tally, positionsPerSecond: number, retries: number): string {
  const again = retries === 0 ? '' : `, ${retries} sent again`
  return `${amount(riding, 'rider')}, ${positionsPerSecond} positions/s${again}`
}

/** At the end. */
export function sum({ setOut, ended, leftOpen, uploads, positions, retries }: Tally): string {
  const open = leftOpen === 0 ? '' : `, ${leftOpen} left open`
  const again = retries === 0 ? '' : `; ${retries} times something was sent again`
  return `${amount(setOut, 'ride')}: ${ended} ended${open}. ${positions} positions in ${amount(uploads, 'upload')}${again}.`
}

export function amount(count: number, singular: string): string {
  return `${count} ${singular}${count === 1 ? '' : 's'}`
}
