import * as z from 'zod'
import { daysInFile } from '#app/server/calendarFile.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'

const File = z.object({ text: z.string().max(1_000_000), from: z.iso.date() })

export const POST = respond<AnswerOf<'POST /api/holidays/file'>>(async ({ request }) => {
  const { text, from } = await bodyOf(request, File)
  return daysInFile(text, from)
})
