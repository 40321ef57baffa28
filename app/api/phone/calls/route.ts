import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { emulatorOf } from '#app/server/emulator.ts'
import { Text } from '#app/server/inputs.ts'
import { speakPrompts } from '#app/server/prompts.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { readFlow } from '#flow/flow.ts'

/** Some more than the phone lets one choose; the database counts in seconds, for 68 years. */
const mostMovedMs = 11 * 365 * 86_400_000

const TestCall = z.object({
  flowId: z.string(),
  flow: z.unknown().optional(),
  caller: z.object({ name: Text.trim().max(100), phone: z.e164().optional() }),
  at: z.iso
    .datetime()
    .refine((at) => Math.abs(Date.parse(at) - Date.now()) < mostMovedMs)
    .optional(),
})

/** Dials the bot through the emulator, with the draft as it stands on the screen. */
export const POST = respond<AnswerOf<'POST /api/phone/calls'>>(async ({ request, who, services }) => {
  const emulator = emulatorOf(services.settings)
  const { flowId, caller, at, ...given } = await bodyOf(request, TestCall)
  const { store } = services
  const flow = given.flow === undefined ? (await store.flows.get(who.tenantId, flowId)).flow : readFlow(given.flow)
  const [versionId] = await Promise.all([
    store.versions.snapshot(who.tenantId, flowId, flow, who.name),
    speakPrompts(services.speakerOf(who.tenantId, who.name), flow, request.signal),
  ])
  // Only now: what had to be spoken first has taken its time.
  const movedSeconds = at === undefined ? 0 : Math.ceil((Date.parse(at) - Date.now()) / 1000)
  const called = await store.routes.addTest(who.tenantId, flowId, versionId, movedSeconds)
  const from = caller.phone ? { phone: caller.phone } : { user: { id: randomUUID(), displayName: caller.name } }
  return created(await emulator.placeCall({ appId: services.settings.appId, from, called }))
})
