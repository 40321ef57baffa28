import * as z from 'zod'
import { emulatorOf } from '#app/server/emulator.ts'
import { bodyOf, respond } from '#app/server/respond.ts'

const Decision = z.object({ outcome: z.enum(['accept', 'decline', 'noAnswer']) })

export const POST = respond<void, { callId: string }>(async ({ request, params: { callId }, services }) => {
  const { outcome } = await bodyOf(request, Decision)
  await emulatorOf(services.settings).decideTransfer(callId, outcome)
})
