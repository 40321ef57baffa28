import { surroundingsOf } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import type { TemplateId } from '#flow/templates/index.ts'
import type { Template } from '#flow/templates/template.ts'
import { viewBlocks } from '#flow/view.ts'
import { takesMessages } from '../mailbox/takesMessages.ts'
import { type Picture, pictureOf } from './picture.ts'

/** What somebody sets before people call, in this order. */
const settables = ['hours', 'numbers', 'announcement', 'service', 'messages', 'called'] as const
export type Settable = (typeof settables)[number]

/** A template as the page shows it, which so need not load what flows are made of. */
export type TemplateCard = {
  readonly id: TemplateId
  readonly name: string
  readonly blocks: number
  readonly picture: Picture
  /** What callers hear before they are asked for anything, and that. */
  readonly heard: readonly string[]
  readonly language: string
  readonly toSet: readonly Settable[]
}

export const cardOf = (id: TemplateId, template: Template): TemplateCard => ({
  id,
  name: template.flow.name,
  blocks: Object.keys(template.flow.blocks).length,
  picture: pictureOf(template.flow),
  heard: heardFirst(template),
  language: template.flow.language,
  toSet: settables.filter((one) => isToSet[one](template)),
})

const hasColumn = ({ tables }: Template, type: string): boolean =>
  Object.values(tables).some(({ table }) => table.columns.some((column) => column.type === type))

const isToSet: Record<Settable, (template: Template) => boolean> = {
  hours: ({ calendars }) => Object.keys(calendars).length > 0,
  numbers: (template) => hasColumn(template, 'phone'),
  announcement: (template) => hasColumn(template, 'switch'),
  service: ({ values }) => Object.keys(values).length > 0,
  messages: ({ flow }) => takesMessages(flow),
  called: () => true,
}

/**
 * By the first way out of each block, and where nothing special holds (`else`) by that one, until a block asks the caller, or something
 * was said before the flow decides.
 */
function heardFirst({ flow, calendars, tables }: Template): string[] {
  const shared = {
    calendars,
    tables: Object.fromEntries(Object.entries(tables).map(([id, { table }]) => [id, table])),
  }
  const views = viewBlocks(flow, surroundingsOf(flow, shared))
  const heard: string[] = []
  const seen = new Set<string>()
  for (let id = next(flow, flow.start); id !== undefined && !seen.has(id); id = next(flow, id)) {
    seen.add(id)
    const { kind, opened } = views.get(id) ?? {}
    const asks = kind?.asksCaller === true || opened?.records === true
    if (heard.length > 0 && kind?.decides) break
    heard.push(...(opened?.prompts ?? []).slice(0, asks ? 1 : undefined))
    if (asks) break
  }
  return heard
}

function next({ blocks }: Flow, id: string): string | undefined {
  const { exits = {} } = blocks[id] ?? {}
  return exits.else ?? Object.values(exits)[0]
}
