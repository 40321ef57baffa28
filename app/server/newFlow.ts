import type { NewFlow } from '#designer/wire.ts'
import type { Flow } from '#flow/flow.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { type TemplateId, templateIds, templates } from '#flow/templates/index.ts'
import type { Template } from '#flow/templates/template.ts'
import type { Brought } from '#store/bringing.ts'

const isTemplate = (from: NewFlow['from']): from is TemplateId => Object.hasOwn(templates, from)

/** What a new flow can begin as. */
export const starts = ['empty', 'sample', ...templateIds] as const

/** A flow as it begins, with what it brings; its hours are in the zone of whoever makes it. */
export function startOf({ name, from, timeZone = 'UTC' }: NewFlow): { flow: Flow; brought?: Brought } {
  if (!isTemplate(from)) return { flow: from === 'sample' ? { ...frontDesk, name } : emptyFlow(name) }
  const { flow, calendars, ...brought }: Template = templates[from]
  const here = Object.entries(calendars).map(([id, calendar]) => [id, { ...calendar, timeZone }])
  return { flow: { ...flow, name }, brought: { ...brought, calendars: Object.fromEntries(here) } }
}
