/** Where a message may be sent to, as far as the URL alone tells: when it is given, and again before each attempt. */
import { isIP } from 'node:net'
import { isPublicAddress } from './addresses.ts'

export type UrlFault = 'no url' | 'too long' | 'not https' | 'credentials' | 'port' | 'private'

export interface Permission {
  /** Of one's own network, and over plain HTTP: see WEBHOOKS_ALLOW_PRIVATE. */
  readonly allowPrivate: boolean
}

const longestUrl = 2_000
/** What has a port below is not a web server: mail, shells, databases that speak when they are spoken to. */
const firstFreePort = 1024

export function faultOfUrl(text: string, { allowPrivate }: Permission): UrlFault | undefined {
  if (text.length > longestUrl) return 'too long'
  if (!URL.canParse(text)) return 'no url'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not https'
  if (url.protocol === 'http:' && !allowPrivate) return 'not https'
  if (url.username !== '' || url.password !== '') return 'credentials'
  const port = portOf(url)
  if (port !== 80 && port !== 443 && port < firstFreePort) return 'port'
  if (allowPrivate) return undefined
  const host = hostOf(url)
  // The name of nobody else's machine; where other names lead is seen when they are looked up.
  if (/(^|\.)localhost\.?$/i.test(host)) return 'private'
  return isIP(host) !== 0 && !isPublicAddress(host) ? 'private' : undefined
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** A name, or an address without the brackets that URLs put around IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}
