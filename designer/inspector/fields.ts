import * as z from 'zod'

/** What a schema says of one setting, as JSON Schema and by `meta`. */
const Property = z.object({
  control: z.string().optional(),
  type: z.string().default('text'),
  /** Fields of one section stand together under its title. */
  section: z.string().nullable().default(null),
  /** Folded away under "More settings". */
  more: z.boolean().default(false),
  /** Shown only while other settings have one of these values. */
  shownWhen: z.record(z.string(), z.array(z.unknown())).default({}),
  /** Types of variables that fit. */
  types: z.array(z.string()).default([]),
  /** What its expressions may speak of besides variables. */
  names: z.array(z.string()).default([]),
  enum: z.array(z.string()).default([]),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
})

/** One setting as a person fills it in. What it is called stands in `flow/messages`. */
export type Field = Pick<z.infer<typeof Property>, 'section' | 'more' | 'shownWhen' | 'types' | 'names'> & {
  name: string
  /** Which control it is edited with. */
  control: string
  required: boolean
  choices: readonly string[]
  least: number | undefined
  most: number | undefined
}

const known = new WeakMap<z.ZodObject, readonly Field[]>()

/** Reads the settings schema of a kind of block as the fields that a person fills in, in its own order. */
export function fieldsOf(settings: z.ZodObject): readonly Field[] {
  const before = known.get(settings)
  if (before) return before
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input' })
  const fields = Object.entries(properties).map(([name, property]): Field => {
    const { control, type, enum: choices, minimum, maximum, minLength, maxLength, ...rest } = Property.parse(property)
    const bounds = { least: minimum ?? minLength, most: maximum ?? maxLength }
    return { ...rest, ...bounds, name, control: control ?? type, required: required.includes(name), choices }
  })
  known.set(settings, fields)
  return fields
}

/** True while the settings ask for this field. */
export const isShown = ({ shownWhen }: Field, settings: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(shownWhen).every(([name, values]) => values.includes(settings[name]))
