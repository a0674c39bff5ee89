/** What may be asked of a page of a list; what may not is refused with a sentence. */
import { asGraphQLError } from './errors.ts'

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
}

/** Throws INVALID_INPUT. */
export function checkPage({ first, last }: PageArguments, most = 100): void {
  if (first != null && last != null) throw refusal('Ask for `first` or for `last`, not for both.')
  checkSize('first', first, most)
  checkSize('last', last, most)
}

/** Throws INVALID_INPUT. Of a list without an end to count from it is used by itself. */
export function checkSize(name: string, size: number | null | undefined, most = 100): void {
  if (size != null && (size < 0 || size > most)) {
    throw refusal(`\`${name}\` is 0 to ${most}. Ask for the others by the page's cursor.`)
  }
}

function refusal(message: string) {
  return asGraphQLError('INVALID_INPUT', message)
}
