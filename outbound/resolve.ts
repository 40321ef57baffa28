import { Resolver } from 'node:dns/promises'
import { isLoopbackName } from '#ground/loopback.ts'

export type Address = { address: string; family: number }

type Terms = {
  /** Name servers in place of the system's, with port. */
  servers?: readonly string[]
  /** For everything. */
  patienceMs?: number
}

/** Names of this machine lead here whatever a name server says (RFC 6761, 6.3). */
const here: readonly Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** Once one family is known the other has so long: some name servers never answer for addresses of IPv6. */
const graceMs = 300

/**
 * All addresses of a name, asked of the name servers directly. `dns.lookup` would hold one of the four threads that files and keys need as
 * well, for as long as a name server is silent; this holds nothing, and is called off. No file of this machine is asked: what stands there
 * is about networks inside, which are refused anyway.
 * @throws Error with a code of DNS, such as ENOTFOUND or ETIMEOUT
 */
export async function addressesOf(
  name: string,
  { servers, patienceMs = 8_000 }: Terms = {},
): Promise<readonly Address[]> {
  if (isLoopbackName(name)) return here
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  if (servers) resolver.setServers(servers)
  const timers = [setTimeout(() => resolver.cancel(), patienceMs)]
  const hurry = () => timers.push(setTimeout(() => resolver.cancel(), graceMs))
  const of = async (family: number, found: Promise<string[]>) => {
    const addresses = (await found).map((address) => ({ address, family }))
    hurry()
    return addresses
  }
  const both = await Promise.allSettled([of(4, resolver.resolve4(name)), of(6, resolver.resolve6(name))])
  for (const timer of timers) clearTimeout(timer)
  const addresses = both.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  const [failed] = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (addresses.length === 0 && failed) throw failed
  return addresses
}
