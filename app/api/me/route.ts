import { respond } from '#app/server/respond.ts'
import { initialsOf } from '#app/server/who.ts'
import type { Me } from '#designer/shell/wire.ts'

export const GET = respond<Me>(async ({ who }) => ({ ...who, initials: initialsOf(who.name) }))
