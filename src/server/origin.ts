/** Who sends a request, as far as a browser says it. */
import type { IncomingMessage } from 'node:http'

/**
 * A page of another site must not act in a rider's name: browsers send a page's origin, and cannot be made to lie.
 *
 * @param isTrusted whether a page of that origin may all the same.
 */
export function isFromElsewhere(
  { headers }: IncomingMessage,
  isTrusted: (origin: string) => boolean = () => false,
): boolean {
  const { origin, host } = headers
  if (origin !== undefined) {
    if (isTrusted(origin)) return false
    if (!URL.canParse(origin) || new URL(origin).host !== host) return true
  }
  return headers['sec-fetch-site'] === 'cross-site'
}

/** Whether a cookie that came along may count: it was sent by a page of ours, or by somebody who typed the address. */
export function isOfOurPage(request: IncomingMessage, isTrusted?: (origin: string) => boolean): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (isFromElsewhere(request, isTrusted)) return false
  return site !== 'same-site' || (origin !== undefined && isTrusted?.(origin) === true)
}
