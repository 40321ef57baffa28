import * as z from 'zod'
import { emulatorOf } from '#app/server/emulator.ts'
import { bodyOf, respond } from '#app/server/respond.ts'

const Tones = z.object({ tones: z.string().regex(/^[0-9*#]{1,64}$/) })

export const POST = respond<void, { callId: string }>(async ({ request, params: { callId }, services }) => {
  const { tones } = await bodyOf(request, Tones)
  await emulatorOf(services.settings).pressTones(callId, tones)
})
