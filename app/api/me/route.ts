import { respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { initialsOf } from '#ground/initials.ts'

export const GET = respond<AnswerOf<'GET /api/me'>>(async ({ who }) => ({ ...who, initials: initialsOf(who.name) }))
