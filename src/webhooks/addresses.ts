/** Which addresses of the internet are everybody's: to others the server of a rider's choice has nothing to send. */
import ipaddr from 'ipaddr.js'

/** The wire server of Azure's machines: a public address that answers each of them alone. */
const ofTheHost = new Set(['168.63.129.16'])
/** All that is given out to the world; what lies outside holds an IPv4 address in one way or another, or is nobody's. */
const globalIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * False for what is private, of this machine or its network (loopback, link-local and with it the clouds' metadata, carrier's
 * NAT), no single machine's (multicast, broadcast), reserved, or a way round to one of those: IPv4 mapped or translated into
 * IPv6 (NAT64, 6to4, Teredo). And for what is no address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  // An IPv4 address in IPv6's clothes is judged as what it is.
  const address = ipaddr.process(text)
  if (address.range() !== 'unicast' || ofTheHost.has(address.toString())) return false
  return address instanceof ipaddr.IPv4 || address.match(globalIpv6)
}
