import { AppError } from '#app/server/appError.ts'
import { emulatorOf } from '#app/server/emulator.ts'
import { respond } from '#app/server/respond.ts'

export const GET = respond<never, { callId: string; media: string }>(
  async ({ params: { callId, media }, services }) => {
    if (!/^\d{1,6}$/.test(media)) throw new AppError('notFound')
    const wav = await emulatorOf(services.settings).media(callId, Number(media))
    return new Response(wav, { headers: { 'content-type': 'audio/wav', 'cache-control': 'no-store' } })
  },
)
