import * as z from 'zod'
import { nameOf } from '#app/server/namedValues.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import { SecretHost } from '#flow/named.ts'

const Wanted = z.object({ host: SecretHost })

/** Lets a secret go to one more host, beside those that others allow at the same moment. */
export const POST = respond<void, { name: string }>(async ({ request, params, who, services: { store } }) => {
  const { host } = await bodyOf(request, Wanted)
  await store.namedValues.addHost(who.tenantId, { name: nameOf(params), host, by: who.name })
})
