/** From which address a client comes, also behind proxies: only what a trusted proxy says is taken for it. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

export type AddressOf = (request: IncomingMessage) => string

/**
 * @param proxies addresses and networks (CIDR). Of `X-Forwarded-For` the last address is taken that none of them has: the ones
 *   before it are what the client said.
 */
export function clientAddresses(proxies: readonly string[]): AddressOf {
  const trusted = new BlockList()
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(prefix), family)
  }

  function isTrusted(address: string): boolean {
    const version = isIP(address)
    return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }

  return ({ socket, headers }) => {
    let address = plain(socket.remoteAddress ?? '')
    if (proxies.length === 0) return address
    const said = headers['x-forwarded-for']
    const hops = (typeof said === 'string' ? said.split(',') : []).map(addressIn)
    while (isTrusted(address)) {
      const before = hops.pop()
      if (before === undefined || isIP(before) === 0) break
      address = before
    }
    return address
  }
}

/** An IPv4 address as such, where it comes as an IPv6 one (RFC 4291, 2.5.5.2). */
function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}

/** Some proxies name the port too: `203.0.113.7:4711`, `[2001:db8::1]:4711` (RFC 7239, 6, has them so). */
function addressIn(hop: string): string {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/.exec(hop.trim()) ?? []
  return plain(bracketed ?? dotted ?? hop.trim())
}
