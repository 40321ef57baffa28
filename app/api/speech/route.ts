import * as z from 'zod'
import { AppError } from '#app/server/appError.ts'
import { Text } from '#app/server/inputs.ts'
import { bodyOf, respond } from '#app/server/respond.ts'

const Utterance = z.object({ text: Text, language: Text.max(35).optional() })

/** A text as callers hear it: the very audio that calls play, spoken once and kept. */
export const POST = respond(async ({ request, who, services }) => {
  const { text, language } = await bodyOf(request, Utterance)
  const wanted = [{ text: text.trim(), ...(language && { language }) }]
  const kept = await services.speakerOf(who.tenantId, who.name).prepare(wanted, { signal: request.signal })
  const [prompt] = kept.values()
  const spoken = prompt && (await services.store.prompts.wav(prompt.publicId))
  if (!spoken) throw new AppError('notFound')
  return new Response(Buffer.from(spoken.wav), {
    headers: { 'content-type': 'audio/wav', 'cache-control': 'no-store' },
  })
})
