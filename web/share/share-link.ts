/**
 * The share link that the page was opened with: `/rides/{id}#share=TOKEN`. What stands behind # goes to no server. The token is
 * taken out of the address, so that it is in no history and in no screenshot, and kept for as long as the tab is open.
 */

/** As the server makes them. */
const tokenInFragment = /^#share=([\w-]{64})$/

export interface PlaceOfPage {
  readonly hash: string
  readonly pathname: string
  readonly search: string
}

type Kept = Pick<Storage, 'getItem' | 'setItem'>

const name = 'share link'

export function holdsShareLink({ hash }: Pick<PlaceOfPage, 'hash'>): boolean {
  return tokenInFragment.test(hash)
}

/** Undefined where the page was opened without one. */
export function takeShareLink(
  { hash, pathname, search }: PlaceOfPage,
  kept: Kept,
  replaceAddress: (address: string) => void,
): string | undefined {
  const token = tokenInFragment.exec(hash)?.[1]
  if (token === undefined) return kept.getItem(name) ?? undefined
  kept.setItem(name, token)
  replaceAddress(pathname + search)
  return token
}
