import * as z from 'zod'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import { placeTestCall, TestCaller } from '#app/server/testCall.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { readFlow } from '#flow/flow.ts'

const TestCall = z.object({ flowId: z.string(), flow: z.unknown().optional(), caller: TestCaller })

/** Dials the bot through the emulator, with the draft as it stands on the screen. */
export const POST = respond<AnswerOf<'POST /api/phone/calls'>>(async ({ request, who, services }) => {
  const { flowId, caller, ...given } = await bodyOf(request, TestCall)
  const flow =
    given.flow === undefined ? (await services.store.flows.get(who.tenantId, flowId)).flow : readFlow(given.flow)
  return created(await placeTestCall(services, who, { flowId, flow, caller }, request.signal))
})
