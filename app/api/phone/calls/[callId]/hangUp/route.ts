import { emulatorOf } from '#app/server/emulator.ts'
import { respond } from '#app/server/respond.ts'

export const POST = respond<void, { callId: string }>(({ params: { callId }, services }) =>
  emulatorOf(services.settings).hangUp(callId),
)
