import { respond } from '#app/server/respond.ts'
import { initialsOf } from '#app/server/who.ts'
import type { AnswerOf } from '#designer/wire.ts'

export const GET = respond<AnswerOf<'GET /api/me'>>(async ({ who }) => ({ ...who, initials: initialsOf(who.name) }))
