import * as z from 'zod'

const Whole = z.number().int()

/** What happens on a call, as the emulator tells it (emulator/world/transcript.ts); more than this is of no use to a phone. */
const Happening = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('state'), state: z.string() }),
  z.object({
    kind: z.literal('prompt'),
    text: z.string().nullable(),
    media: Whole,
    durationMs: z.number(),
    operationId: z.string(),
  }),
  z.object({ kind: z.literal('promptEnded'), media: Whole, cut: z.boolean(), operationId: z.string() }),
  z.object({ kind: z.literal('tone'), tone: z.string() }),
  z.object({ kind: z.literal('recording') }),
  z.object({ kind: z.literal('recorded'), durationMs: z.number(), subcode: z.number().nullish() }),
  z.object({ kind: z.literal('spoke'), durationMs: z.number() }),
  z.object({ kind: z.literal('transfer'), outcome: z.enum(['accept', 'decline', 'noAnswer']).nullable() }),
  /** One of those who ring in place of the bot. */
  z.object({
    kind: z.literal('redirected'),
    id: z.string().nullable(),
    outcome: z.enum(['accept', 'decline', 'noAnswer']).nullable(),
  }),
  z.object({ kind: z.literal('failed'), what: z.string(), message: z.string() }),
  z.object({
    kind: z.literal('ended'),
    by: z.enum(['bot', 'caller', 'service']),
    result: z.object({ code: z.number().nullish(), subcode: z.number().nullish() }).nullable(),
  }),
  z.object({ kind: z.enum(['subscribed', 'cancelled']) }),
])

/** One line of a call's transcript: `n` counts from 1, `at` is a time in ISO 8601. */
export const Entry = z.intersection(z.object({ n: Whole, at: z.string() }), Happening)
export type Entry = z.infer<typeof Entry>

/** The entry in a text, or null for one of a kind that this version does not know. */
export function readEntry(text: string): Entry | null {
  return Entry.safeParse(JSON.parse(text)).data ?? null
}
