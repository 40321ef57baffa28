import * as z from 'zod'
import { isWritable } from '#app/server/inputs.ts'
import { nameOf } from '#app/server/namedValues.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import { mostHosts, mostNamedCharacters, SecretHost } from '#flow/named.ts'

/** One line: it goes into a header, or a part of an address. */
const text = z
  .string()
  .trim()
  .min(1)
  .max(mostNamedCharacters)
  .refine(isWritable)
  .refine((line) => !/[\r\n]/.test(line))
const Hosts = z
  .array(SecretHost)
  .max(mostHosts)
  .transform((hosts) => [...new Set(hosts)])

const Wanted = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), text }),
  /** Without a text the secret stays as it is. */
  z.object({ kind: z.literal('secret'), text: text.nullable(), hosts: Hosts }),
])

export const PUT = respond<void, { name: string }>(async ({ request, params, who, services: { store } }) => {
  const wanted = await bodyOf(request, Wanted)
  const name = nameOf(params)
  const { tenantId, name: by } = who
  const hosts = wanted.kind === 'secret' ? wanted.hosts : []
  if (wanted.text === null) await store.namedValues.setHosts(tenantId, { name, hosts, by })
  else await store.namedValues.set(tenantId, { name, kind: wanted.kind, text: wanted.text, hosts, by })
})

export const DELETE = respond<void, { name: string }>(async ({ params, who, services: { store } }) => {
  await store.namedValues.remove(who.tenantId, nameOf(params))
})
