import * as z from 'zod'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import { placeTestCall, TestCaller } from '#app/server/testCall.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { readFlow } from '#flow/flow.ts'

/** Some more than the phone lets one choose; the database counts in seconds, for 68 years. */
const mostMovedMs = 11 * 365 * 86_400_000

const TestCall = z.object({
  flowId: z.string(),
  flow: z.unknown().optional(),
  caller: TestCaller,
  at: z.iso
    .datetime()
    .refine((at) => Math.abs(Date.parse(at) - Date.now()) < mostMovedMs)
    .optional(),
})

/** Dials the bot through the emulator, with the draft as it stands on the screen. */
export const POST = respond<AnswerOf<'POST /api/phone/calls'>>(async ({ request, who, services }) => {
  const { flowId, caller, at, ...given } = await bodyOf(request, TestCall)
  const flow =
    given.flow === undefined ? (await services.store.flows.get(who.tenantId, flowId)).flow : readFlow(given.flow)
  const wanted = { flowId, flow, caller, ...(at !== undefined && { at: Date.parse(at) }) }
  return created(await placeTestCall(services, who, wanted, request.signal))
})
