import { emulatorOf } from '../../../../../emulator.ts'
import { respond } from '../../../../../respond.ts'

export const POST = respond<{ callId: string }>(({ params: { callId }, services }) =>
  emulatorOf(services.settings).hangUp(callId),
)
