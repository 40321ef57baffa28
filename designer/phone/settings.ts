import { kindOf } from '#flow/blocks/index.ts'
import type { Block } from '#flow/flow.ts'

/** A block's settings as calls take them: what a draft leaves out has its default. */
export function settingsOf({ type, settings }: Block): unknown {
  return kindOf(type)?.settings.safeParse(settings).data ?? settings
}
