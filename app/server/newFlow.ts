import { randomUUID } from 'node:crypto'
import type { NewFlow } from '#designer/wire.ts'
import { type Bundle, nothingBeside, readBundle } from '#flow/bundle.ts'
import { mapped } from '#flow/links.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { type TemplateId, templateIds, templates } from '#flow/templates/index.ts'
import type { Template } from '#flow/templates/template.ts'

const isTemplate = (from: NewFlow['from']): from is TemplateId => Object.hasOwn(templates, from)

/** What a new flow can begin as. */
export const starts = ['empty', 'sample', ...templateIds] as const

/** A flow as it begins, with what it brings; its hours are in the zone of whoever makes it. */
export function startOf({ name, from, timeZone = 'UTC' }: NewFlow): { bundle: Bundle; values?: Template['values'] } {
  if (!isTemplate(from)) return { bundle: readBundle(from === 'sample' ? { ...frontDesk, name } : emptyFlow(name)) }
  const { values, ...template }: Template = templates[from]
  return { bundle: bundleOf({ ...template, flow: { ...template.flow, name } }, timeZone), values }
}

/** A template as a file would bring it, with hours in this zone. */
export const bundleOf = ({ flow, calendars, tables }: Omit<Template, 'values'>, timeZone: string): Bundle => ({
  ...nothingBeside,
  flow,
  calendars: mapped(calendars, (calendar) => ({ ...calendar, timeZone })),
  tables: mapped(tables, ({ table, rows }) => ({ table, rows: rows.map((cells) => ({ id: randomUUID(), cells })) })),
})
