import * as z from 'zod'
import { emulatorOf } from '#app/server/emulator.ts'
import { bodyOf, respond } from '#app/server/respond.ts'

const Speech = z.object({ seconds: z.number().min(0.1).max(120) })

export const POST = respond<void, { callId: string }>(async ({ request, params: { callId }, services }) => {
  const { seconds } = await bodyOf(request, Speech)
  await emulatorOf(services.settings).speak(callId, seconds)
})
