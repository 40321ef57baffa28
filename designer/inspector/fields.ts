import * as z from 'zod'

/** One setting as a person fills it in. What it is called stands in `flow/messages`. */
export type Field = {
  name: string
  /** Which control it is edited with. */
  control: string
  /** Fields of one section stand together under its title. */
  section: string | null
  /** Folded away under "More settings". */
  more: boolean
  required: boolean
  /** Shown only while other settings have one of these values. */
  shownWhen: Readonly<Record<string, readonly unknown[]>> | null
  choices: readonly string[]
  /** Types of variables that fit. */
  types: readonly string[]
  least: number | null
  most: number | null
}

const Property = z.object({
  control: z.string().optional(),
  type: z.string().optional(),
  section: z.string().optional(),
  more: z.boolean().optional(),
  shownWhen: z.record(z.string(), z.array(z.unknown())).optional(),
  types: z.array(z.string()).optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
})

const known = new WeakMap<z.ZodObject, readonly Field[]>()

/** Reads the settings schema of a kind of block as the fields that a person fills in, in its own order. */
export function fieldsOf(settings: z.ZodObject): readonly Field[] {
  const before = known.get(settings)
  if (before) return before
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input' })
  const fields = Object.entries(properties).map(([name, property]): Field => {
    const read = Property.parse(property)
    return {
      name,
      control: read.control ?? read.type ?? 'text',
      section: read.section ?? null,
      more: read.more ?? false,
      required: required.includes(name),
      shownWhen: read.shownWhen ?? null,
      choices: read.enum ?? [],
      types: read.types ?? [],
      least: read.minimum ?? read.minLength ?? null,
      most: read.maximum ?? read.maxLength ?? null,
    }
  })
  known.set(settings, fields)
  return fields
}

/** True while the settings ask for this field. */
export const isShown = ({ shownWhen }: Field, settings: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(shownWhen ?? {}).every(([name, values]) => values.includes(settings[name]))
