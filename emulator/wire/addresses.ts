import { isLoopbackName } from '#ground/loopback.ts'
import { Refusal } from './refusal.ts'

/**
 * The address on this machine behind a public URL: the emulator plays the tunnel. Throws a Refusal for every address that is
 * neither mapped nor loopback, so that nothing is ever sent elsewhere.
 */
export function localAddress(addresses: Record<string, string>, url: string): URL {
  if (!URL.canParse(url)) throw new Refusal(400, 'badAddress', 'This is not an absolute URL.')
  const there = new URL(url)
  const here = addresses[there.origin]
  if (here) return at(here, there)
  // Names under localhost mean this machine too, but a resolver may ask the network for them.
  if (isLoopbackName(there.hostname) && (there.hostname === 'localhost' || !/localhost$/i.test(there.hostname)))
    return at(there.origin, there)
  throw new Refusal(400, 'addressNotMapped', `The emulator has no local address for ${there.origin}.`, {
    next: 'Name that origin in the setting `addresses` (PUBLIC_URL and BOT_URL for `npm run emulator`).',
  })
}

/**
 * The same path and query there. They are set and not joined: a path that begins with two slashes would be read as a host. Names
 * and passwords stay behind, as fetch refuses them.
 */
function at(origin: string, { pathname, search }: URL): URL {
  const address = new URL(origin)
  address.pathname = pathname
  address.search = search
  return address
}
