import * as z from 'zod'
import { emulatorOf } from '#app/server/emulator.ts'
import { eventStream } from '#app/server/eventStream.ts'
import { sendPhoneEvents } from '#app/server/phoneEvents.ts'
import { queryOf, respond } from '#app/server/respond.ts'

const Query = z.object({ after: z.coerce.number().int().min(0).default(0) })

export const GET = respond<never, { callId: string }>(async ({ request, params: { callId }, who, services }) => {
  const { after } = queryOf(request, Query)
  // A browser that comes back after a break says what it heard last.
  const last = Math.max(after, Number(request.headers.get('last-event-id')) || 0)
  const emulator = emulatorOf(services.settings)
  const leave = services.streams.enter(who)
  const transcript = await emulator.events(callId, last, request.signal).catch((error: unknown) => {
    leave()
    throw error
  })
  const call = { tenantId: who.tenantId, callId, transcript }
  return eventStream(request, leave, (send, signal) => sendPhoneEvents(services, call, send, signal))
})
