import * as z from 'zod'
import { routeStates } from '#flow/routing.ts'
import { readCalled, readCaller } from '#ground/called.ts'

/** A text in any spelling, as the one that routing compares; what is none is refused. */
const spelledBy = (read: (text: string) => string | null) =>
  z
    .string()
    .max(200)
    .transform((text, context) => {
      const spelled = read(text)
      if (spelled === null) context.addIssue({ code: 'custom', message: 'notRight' })
      return spelled ?? z.NEVER
    })
    .nullable()

/** Who answers what, as somebody wants it. */
export const WantedRule = z.object({
  called: spelledBy(readCalled),
  caller: spelledBy(readCaller),
  when: z.object({ calendarId: z.string().max(100), state: z.enum(routeStates) }).nullable(),
  flowId: z.string().max(100),
})
