import * as z from 'zod'
import { hostOf } from '#ground/hosts.ts'
import { isLoopbackHost } from '#ground/loopback.ts'

/** What a secret, or a value of the environment, is called: a flow names it and does not hold it. */
export const NamedValueName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/)

/** Longest of them, in characters: keys and tokens are shorter, certificates are not for here. */
export const mostNamedCharacters = 4_000

/** A secret, and the hosts that it may be sent to, as addresses write them: `crm.example.com`, `localhost:4010`. */
export type Secret = { text: string; hosts: readonly string[] }

/** What is there of secrets and values, by name: of a secret the hosts that it may go to, of a value itself. */
export type KnownNames = {
  readonly secret: Readonly<Record<string, readonly string[]>>
  readonly value: Readonly<Record<string, string>>
}

type Named = { name: string; kind: 'secret' | 'value'; plain: string | null; hosts: readonly string[] }

/** Of two of one name and kind the later one counts. */
export const knownNames = (all: readonly Named[]): KnownNames => ({
  secret: Object.fromEntries(all.flatMap(({ name, kind, hosts }) => (kind === 'secret' ? [[name, hosts]] : []))),
  value: Object.fromEntries(all.flatMap(({ name, plain }) => (plain === null ? [] : [[name, plain]]))),
})

/** A secret goes to so many hosts at most. */
export const mostHosts = 20

/** One of its hosts, as somebody writes it. */
export const SecretHost = z
  .string()
  .max(300)
  .transform((text, { addIssue }) => {
    const host = hostOf(text)
    if (host === null) addIssue({ code: 'custom', message: 'must be a host, such as crm.example.com' })
    return host ?? ''
  })

/**
 * Why a secret of these hosts is not sent to an address; null when it may be. Whoever draws a flow, or imports one, chooses its addresses,
 * so what a secret opens is said where the secret is kept. Without encryption everybody on the way could read it, but on this machine
 * nobody is on the way.
 */
export function whyKept(url: string, hosts: readonly string[]): 'secretHost' | 'secretOpen' | null {
  if (!URL.canParse(url)) return 'secretHost'
  const { host, protocol } = new URL(url)
  if (protocol !== 'https:' && !isLoopbackHost(host)) return 'secretOpen'
  return hosts.includes(host) ? null : 'secretHost'
}
