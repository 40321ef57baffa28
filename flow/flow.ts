import * as z from 'zod'
import { storable } from '#ground/storableText.ts'
import { FlowError } from './error.ts'
import { flowLimits } from './flowLimits.ts'
import { upgraded } from './upgrade.ts'
import { Value, valueTypes } from './values.ts'

/** The version of the document's own form. A reader refuses what a later version wrote; see decisions/flow-document.md. */
export const schemaVersion = 1

/** Names that every JavaScript object answers to (`constructor`, `__proto__`) would be found where nothing was put. */
export const isFreeName = (name: string): boolean => !(name in Object.prototype)

const Id = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .refine(isFreeName)
const Name = z.string().max(flowLimits.name)

/** Words that mean something else in an expression: the people on the line, and CEL's own words and types. */
const takenWords = new Set(
  `caller called as bool break bytes cel const continue double else false for function google if import in int let list
  loop map namespace null null_type optional package return string true type uint var void while`.split(/\s+/),
)

export const VariableName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/)
  .refine((name) => isFreeName(name) && !takenWords.has(name), 'invalid_format')

/** A variable that may be left out. */
export const OptionalVariableName = z
  .string()
  .refine((name) => name === '' || VariableName.safeParse(name).success, 'invalid_format')

const Variable = z.object({ type: z.enum(valueTypes), initial: Value.optional() })

/** Farther out nothing is drawn: what is reckoned with such numbers comes to no place at all, and could not be saved. */
const farthest = 1_000_000
export const within = (at: number): number => Math.max(-farthest, Math.min(at, farthest))
const Coordinate = z.number().finite().transform(within)

/** Settings are kept as they are: `check` says what is wrong with them, so that a half-filled draft can be saved. */
const Block = z.object({
  type: z.string().min(1).max(64),
  name: Name,
  note: z.string().max(2000).optional(),
  settings: z.record(z.string(), Value),
  /** From the exit's name to the id of the block that it leads to. */
  exits: z.record(z.string().max(64).refine(isFreeName), Id),
  /** Where the block stands on the canvas, in pixels at 100 %. */
  position: z.object({ x: Coordinate, y: Coordinate }),
})

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

export const Flow = z.object({
  schemaVersion: z.literal(schemaVersion),
  name: Name.min(1),
  /** BCP 47: the language that prompts are written in. */
  language: z.string().min(2).max(35),
  /** IANA name of the zone in which blocks tell the time; without one it is UTC. */
  timeZone: z.string().refine(isTimeZone).optional(),
  /** The block that a call begins with. */
  start: Id,
  /** Runs after the caller has left; no block that speaks or listens may stand there. */
  onHangUp: Id.nullable(),
  /** Runs when a block fails and has no error exit of its own. Null: callers hear the apology and the call ends. */
  onError: Id.nullable(),
  apology: z.string().max(1000),
  variables: z.record(VariableName, Variable),
  blocks: z.record(Id, Block),
})

export type Flow = z.infer<typeof Flow>
export type Block = z.infer<typeof Block>
export type Variable = z.infer<typeof Variable>

/**
 * Reads a flow document, one of an earlier version too (upgrade.ts). Settings, exits and references are not judged here: `check` does that.
 * @throws FlowError `flowTooNew` for a document of a later version, `flowNotReadable` for anything that is no flow,
 *   `flowTooLarge` beyond the stated limits. What is refused costs next to nothing.
 */
export function readFlow(value: unknown): Flow {
  const version = z.object({ schemaVersion: z.number() }).safeParse(value).data?.schemaVersion
  if (version !== undefined && version > schemaVersion) throw new FlowError('flowTooNew', String(version))
  refuseLarge(value, flowLimits.values)
  const document = upgraded(value, schemaVersion)
  refuseMore(keysOf(document, 'blocks'), flowLimits.blocks)
  refuseMore(keysOf(document, 'variables'), flowLimits.variables)
  // Names and prompts become columns of their own.
  const { blocks, ...head } = readPart(Shell, storable(document), [])
  return { ...head, blocks: Object.fromEntries(Object.entries(blocks).map(readBlock)) }
}

/** Blocks are read one by one, and the first that is wrong ends it: the schema would find fault with each part of all of them. */
const Shell = Flow.extend({ blocks: z.record(z.string(), z.unknown()) })

function readBlock([id, raw]: [string, unknown]): [string, Block] {
  const at = ['blocks', id]
  if (keysOf(raw, 'exits') > flowLimits.exits) {
    throw new FlowError('flowNotReadable', `${at.join('.')}.exits: more than ${flowLimits.exits}`)
  }
  const block = readPart(Block, raw, at)
  refuseMore(countOf(block.settings, flowLimits.settings), flowLimits.settings)
  return [readPart(Id, id, at), block]
}

/** A part of a file, as its schema reads it. @throws FlowError `flowNotReadable` with the place and what is wrong there */
export function readPart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at: readonly string[],
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = [...at, ...(issue?.path ?? [])].map(String).join('.')
  throw new FlowError('flowNotReadable', `${place || 'flow'}: ${issue?.message ?? ''}`)
}

/** How many parts a part of a document has, whatever it is. */
const keysOf = (value: unknown, name: string): number =>
  typeof value === 'object' && value !== null && name in value
    ? Object.keys(Object(value[name as keyof typeof value])).length
    : 0

/** @throws FlowError `flowTooLarge` for more values than that; `flowNotReadable` for what is nested too deeply */
export const refuseLarge = (value: unknown, most: number, levels?: number): void =>
  refuseMore(countOf(value, most, levels), most)

function refuseMore(count: number, most: number) {
  if (count > most) throw new FlowError('flowTooLarge', String(count))
}

/**
 * How many values are in one, itself included; counting ends beyond `most`. Settings may hold any JSON, and what is nested without end
 * would exhaust whoever reads it.
 */
function countOf(value: unknown, most: number, levels: number = flowLimits.nesting): number {
  if (typeof value !== 'object' || value === null) return 1
  if (levels === 0) throw new FlowError('flowNotReadable', 'nested too deeply')
  let count = 1
  for (const inner of Object.values(value)) {
    if (count > most) break
    count += countOf(inner, most - count, levels - 1)
  }
  return count
}

/** The document as text: the same flow is always the same bytes, whatever order its keys were added in. */
export function writeFlow(flow: Flow): string {
  return `${JSON.stringify(sortedKeys(flow), null, 2)}\n`
}

// The head of the document first, as a person would read it, and so of each block its type; all else is alphabetical.
const order = [...Object.keys(Flow.shape), 'type']
const rank = (key: string) => (order.indexOf(key) + 1 || order.length + 1) * 2

/** The same value, its keys in one order. */
export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortedKeys(inner)]),
  )
}
