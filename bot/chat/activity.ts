import * as z from 'zod'

/** The one channel that we talk on; its signing keys are endorsed for it. */
export const channelId = 'msteams'

/** What of a message or an event of Teams is read here; the rest is for the chat library. */
export const Activity = z.looseObject({
  type: z.string().min(1).max(50),
  channelId: z.literal(channelId),
  serviceUrl: z.url(),
  conversation: z.looseObject({ id: z.string().min(1), tenantId: z.string().optional() }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string() }).optional() }).optional(),
  text: z.string().max(28_000).optional(),
})

export type Activity = z.infer<typeof Activity>
