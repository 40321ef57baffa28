import { BlockList, isIP } from 'node:net'
import { isLoopbackName } from '#ground/loopback.ts'

/** Networks that nobody outside reaches: https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-special-registry. */
const inner = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  inner.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  inner.addSubnet(network, bits, 'ipv6')
}

/** Names that no public DNS has: RFC 6761, 6762, 8375, and the top-level domain `internal` that ICANN keeps for such use. */
const innerName = /(^|\.)(local|localdomain|internal|intranet|lan|home\.arpa|test|invalid)$/i

/** Whether only this machine or its own network can reach a host, named as `URL.hostname` writes it. */
export function isInnerHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(address)
  if (family > 0) return inner.check(address, family === 4 ? 'ipv4' : 'ipv6')
  const name = hostname.replace(/\.$/, '')
  return isLoopbackName(name) || innerName.test(name) || !name.includes('.')
}
