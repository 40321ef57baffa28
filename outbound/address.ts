import ipaddr from 'ipaddr.js'
import { OutboundError } from './error.ts'

/**
 * What is not for everybody although ipaddr.js calls it `unicast`: Azure's own address in every virtual network
 * (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16), and networks of IANA's registries of special
 * addresses (https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-special-registry).
 */
const denied = [
  '168.63.129.16/32',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
].map((network) => ipaddr.parseCIDR(network))

/** All that is given out of IPv6 so far; what is outside maps, translates or discards (64:ff9b::/96, 100::/64, fc00::/7). */
const global6 = ipaddr.parseCIDR('2000::/3')

/** Whether an address, as DNS tells it, is one of the public internet. */
export function isPublicAddress(text: string): boolean {
  if (literalOf(text) === null) return false
  const address = ipaddr.parse(text)
  const isIn = ([network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]) =>
    network.kind() === address.kind() && address.match(network, bits)
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || isIn(global6)) && !denied.some(isIn)
}

export const isLoopbackAddress = (text: string): boolean =>
  ipaddr.isValid(text) && ipaddr.process(text).range() === 'loopback'

/**
 * Names that no public DNS has (RFC 6761, 6762, 8375, ICANN's `internal`), and those by which clouds tell machines their secrets. The
 * addresses behind a name are looked at as well; these are refused without asking anybody.
 */
const innerName =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|corp|home|private|home\.arpa|test|invalid|onion|metadata\.goog|instance-data)$/i

/** Ports below 1024 but those of the web, and those of other services that would take an HTTP request for theirs. */
const otherServices = new Set([
  ...[
    1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5900, 5985,
    6000,
  ],
  ...[6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9200, 10080, 10250, 11211, 27017],
])
const mayBePort = (port: number): boolean => port === 80 || port === 443 || (port >= 1024 && !otherServices.has(port))

/** Longest address that is sent; servers take no longer ones. */
const mostUrlCharacters = 4_000

/**
 * Reads an address that a request may go to, as far as that is seen from it alone. `localServices`: hosts of this machine, with port,
 * that may be spoken to. A host that is an address itself is judged here, and a name again when it is known where it leads.
 * @throws OutboundError `blocked` with the reason: `notAnAddress`, `scheme`, `userInfo`, `name`, `address` or `port`
 */
export function readTarget(text: string, localServices: readonly string[] = []): { url: URL; isLocal: boolean } {
  const refuse = (reason: string) => new OutboundError('blocked', reason)
  if (text.length > mostUrlCharacters || !URL.canParse(text)) throw refuse('notAnAddress')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('scheme')
  if (url.username !== '' || url.password !== '') throw refuse('userInfo')
  if (localServices.includes(url.host)) return { url, isLocal: true }
  const literal = literalOf(url.hostname)
  if (literal !== null) {
    if (!isPublicAddress(literal)) throw refuse('address')
  } else {
    const name = url.hostname.replace(/\.$/, '')
    if (!name.includes('.') || innerName.test(name)) throw refuse('name')
  }
  if (!mayBePort(portOf(url))) throw refuse('port')
  return { url, isLocal: false }
}

/** The address that a host is, where it is no name. With or without the brackets of IPv6. */
export function literalOf(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.IPv6.isValid(bare) || ipaddr.IPv4.isValidFourPartDecimal(bare) ? bare : null
}

const portOf = ({ port, protocol }: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port))
