/** Addresses as they are counted: whoever has one IPv6 address has a network of them (RFC 6177), 2^64 at least. */
import { isIPv6 } from 'node:net'

const bitsOfGroup = 16
const groupsOfNetwork = 64 / bitsOfGroup

/**
 * @param key that ends with an address, behind a space or by itself.
 * @returns the same, of an IPv6 address with its network alone.
 */
export function blockOf(key: string): string {
  const start = key.lastIndexOf(' ') + 1
  const address = key.slice(start)
  if (!address.includes(':') || !isIPv6(address)) return key
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (mapped !== undefined) return key.slice(0, start) + mapped
  return `${key.slice(0, start)}${groupsOf(address).slice(0, groupsOfNetwork).join(':')}::/64`
}

/** The groups that stand before its `::`, or are none. */
function groupsOf(address: string): string[] {
  const [written = ''] = address.split('%')
  const [head = '', tail] = written.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
}
