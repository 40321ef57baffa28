import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { emulatorOf } from '#app/server/emulator.ts'
import { Text } from '#app/server/inputs.ts'
import { speakPrompts } from '#app/server/prompts.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { readFlow } from '#flow/flow.ts'

const TestCall = z.object({
  flowId: z.string(),
  flow: z.unknown().optional(),
  caller: z.object({ name: Text.trim().max(100), phone: z.e164().optional() }),
})

/** Dials the bot through the emulator, with the draft as it stands on the screen. */
export const POST = respond<AnswerOf<'POST /api/phone/calls'>>(async ({ request, who, services }) => {
  const emulator = emulatorOf(services.settings)
  const { flowId, caller, ...given } = await bodyOf(request, TestCall)
  const { store } = services
  const flow = given.flow === undefined ? (await store.flows.get(who.tenantId, flowId)).flow : readFlow(given.flow)
  const [versionId] = await Promise.all([
    store.versions.snapshot(who.tenantId, flowId, flow, who.name),
    speakPrompts(services.speakerOf(who.tenantId, who.name), flow, request.signal),
  ])
  const called = await store.routes.addTest(who.tenantId, flowId, versionId)
  const from = caller.phone ? { phone: caller.phone } : { user: { id: randomUUID(), displayName: caller.name } }
  return created(await emulator.placeCall({ appId: services.settings.appId, from, called }))
})
