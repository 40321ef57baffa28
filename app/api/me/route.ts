import type { Me } from '#designer/shell/wire.ts'
import { respond } from '../../respond.ts'
import { initialsOf } from '../../who.ts'

export const GET = respond(async ({ who }): Promise<Me> => ({ ...who, initials: initialsOf(who.name) }))
