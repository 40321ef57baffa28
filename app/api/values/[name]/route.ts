import * as z from 'zod'
import { AppError } from '#app/server/appError.ts'
import { isWritable } from '#app/server/inputs.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import { mostNamedCharacters, NamedValueName } from '#flow/named.ts'

/** One line: it goes into a header, or a part of an address. */
const Wanted = z.object({
  kind: z.enum(['secret', 'value']),
  text: z
    .string()
    .trim()
    .min(1)
    .max(mostNamedCharacters)
    .refine(isWritable)
    .refine((text) => !/[\r\n]/.test(text)),
})

export const PUT = respond<void, { name: string }>(async ({ request, params, who, services: { store } }) => {
  const { kind, text } = await bodyOf(request, Wanted)
  await store.namedValues.set(who.tenantId, { name: nameOf(params), kind, text, by: who.name })
})

export const DELETE = respond<void, { name: string }>(async ({ params, who, services: { store } }) => {
  await store.namedValues.remove(who.tenantId, nameOf(params))
})

/** @throws AppError `badRequest` for what no flow could name */
function nameOf({ name }: { name: string }): string {
  const read = NamedValueName.safeParse(name)
  if (!read.success) throw new AppError('badRequest', ['name: letters, digits and _, beginning with a letter'])
  return read.data
}
