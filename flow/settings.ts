import * as z from 'zod'
import type { Value } from './values.ts'

/** What is wrong with a setting. `field` is a path: `options.0.key`; the words for `code` stand in the message files. */
export type SettingsIssue = { field: string; code: string; detail: string }

/** Settings of a new block: what the schema has a default for, and `rest` for what it has none for. */
export function defaultsOf(schema: z.ZodObject, rest: object): Record<string, Value> {
  const stated = Object.entries(schema.shape).flatMap(([name, field]: [string, z.ZodType]) =>
    field instanceof z.ZodDefault ? [[name, field.parse(undefined)]] : [],
  )
  return structuredClone({ ...Object.fromEntries(stated), ...rest })
}

/** No list of a block may have as many; looking at a hundred thousand would hold up everybody else. */
const mostRepaired = 200

/**
 * The settings with what is wrong left out of lists, or replaced by its default; texts stay as they are. Not always
 * sound, but of the right form, so that a half-filled block keeps its exits.
 */
export const repair = (
  schema: z.ZodObject,
  settings: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]: [string, z.ZodType]) => {
      const value = settings[name]
      const parsed = field.safeParse(value)
      if (parsed.success) return [name, parsed.data]
      const element = elementOf(field)
      if (element && Array.isArray(value)) {
        return [name, value.slice(0, mostRepaired).flatMap((item) => element.safeParse(item).data ?? [])]
      }
      const instead = defaults[name]
      const isText = typeof value === 'string' && (typeof instead !== 'object' || instead === null)
      return [name, isText ? value : instead]
    }),
  )

function elementOf(schema: z.ZodType): z.ZodType | null {
  if (schema instanceof z.ZodDefault) return elementOf(schema.unwrap() as z.ZodType)
  return schema instanceof z.ZodArray ? (schema.element as z.ZodType) : null
}

/** What is wrong, in our words. The issue has to carry its input: `safeParse(..., { reportInput: true })`. */
export function settingsIssue(issue: z.core.$ZodIssue): SettingsIssue {
  const field = issue.path.map(String).join('.')
  const empty =
    issue.input === '' ||
    (issue.code === 'too_small' && 'origin' in issue && issue.origin !== 'number') ||
    (issue.code === 'invalid_type' && issue.input === undefined)
  const code = issue.code === 'custom' ? issue.message : empty ? 'required' : isGuid(issue) ? 'notObjectId' : issue.code
  const detail = 'maximum' in issue ? String(issue.maximum) : 'minimum' in issue ? String(issue.minimum) : ''
  return { field, code, detail }
}

/** Entra's object ids are the only ones that people write: the words say what they look like. */
const isGuid = (issue: z.core.$ZodIssue): boolean => issue.code === 'invalid_format' && issue.format === 'guid'

/** Where such a text stands among settings, as a path; empty when there is none. */
export function fieldOf(settings: unknown, isIt: (text: string) => boolean): string {
  for (const [name, value] of Object.entries(settings ?? {})) {
    if (typeof value === 'string' && isIt(value)) return name
    const inside = typeof value === 'object' ? fieldOf(value, isIt) : ''
    if (inside !== '') return `${name}.${inside}`
  }
  return ''
}
