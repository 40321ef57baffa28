import * as z from 'zod'
import { type Change, relinked } from '#flow/edit.ts'
import { FlowError } from '#flow/error.ts'
import { type Block, type Flow, readFlow, schemaVersion, within } from '#flow/flow.ts'
import { flowLimits } from '#flow/flowLimits.ts'
import { freeName } from '#flow/namesLike.ts'
import { type Viewed, viewedOf } from '../views.ts'
import { bounds, boxesOf, type Point } from './geometry.ts'
import { freeSpot } from './place.ts'

/** What the text on the clipboard says that it is. */
const kind = 'call-flow-blocks'

/** Blocks on their way from one flow to another, with the variables that they use. */
export type Copied = Pick<Flow, 'blocks' | 'variables'>

/** Why nothing can be pasted; the words for it are in the message files. */
export type PasteFault = 'empty' | 'noBlocks' | 'foreign' | 'wholeFlow' | 'later' | 'damaged' | 'tooLarge' | 'tooMany'

/** These blocks as readable JSON, with the links among themselves; null if none of them can be copied: a call is answered only once. */
export function copyText({ flow, views, rules }: Viewed, ids: readonly string[]): string | null {
  const copied = ids.flatMap((id): [string, Block][] => {
    const block = flow.blocks[id]
    return block && id !== flow.start ? [[id, block]] : []
  })
  if (copied.length === 0) return null
  const inside = new Set(copied.map(([id]) => id))
  const used = new Set(
    copied.flatMap(([id]) => {
      const opened = views.get(id)?.opened
      return [...(opened?.reads ?? []), ...(opened?.sets.map(({ variable }) => variable) ?? [])]
    }),
  )
  const blocks = Object.fromEntries(
    copied.map(([id, block]) => [id, relinked(block, (to) => (inside.has(to) ? to : null))]),
  )
  // Which ones stand in expressions is not known before these are read.
  const variables = Object.fromEntries(Object.entries(flow.variables).filter(([name]) => !rules || used.has(name)))
  return JSON.stringify({ kind, schemaVersion, variables, blocks }, null, 2)
}

const Envelope = z.object({ kind: z.string().optional(), schemaVersion: z.number().optional() })

/** Reads what `copyText` wrote, or says why it is something else. */
export function readCopied(text: string): Copied | PasteFault {
  if (text.trim() === '') return 'empty'
  if (text.length > flowLimits.bytes) return 'tooLarge'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'noBlocks'
  }
  const envelope = Envelope.safeParse(value).data
  if (envelope?.kind !== kind) return looksLikeFlow(value) ? 'wholeFlow' : 'foreign'
  if ((envelope.schemaVersion ?? 0) > schemaVersion) return 'later'
  return read(Object(value))
}

const looksLikeFlow = (value: unknown) =>
  z.object({ schemaVersion: z.number(), start: z.string(), blocks: z.object({}) }).safeParse(value).success

/** A flow of nothing but these blocks is read by the same rules as any other. */
function read({ blocks, variables, schemaVersion }: Record<string, unknown>): Copied | PasteFault {
  const around = { name: kind, language: 'en-US', start: kind, onHangUp: null, onError: null, apology: '' }
  try {
    const flow = readFlow({ ...around, schemaVersion, variables: variables ?? {}, blocks })
    const calls = Object.entries(flow.blocks).filter(([, { type }]) => type !== 'incomingCall')
    if (calls.length === 0) return 'empty'
    return { blocks: Object.fromEntries(calls), variables: flow.variables }
  } catch (error) {
    if (!(error instanceof FlowError && error.code === 'flowTooLarge')) return 'damaged'
    return Object.keys(Object(blocks)).length > flowLimits.blocks ? 'tooMany' : 'tooLarge'
  }
}

/**
 * Puts copied blocks into a flow as one step: with new ids, linked among themselves as they were, in the same order on the canvas, and as
 * near to `at` as they stand clear of the others.
 */
export function pasted(
  viewed: Viewed,
  { blocks, variables }: Copied,
  at: Point,
): { ids: string[]; changes: Change[] } | 'tooMany' {
  const { flow } = viewed
  const afterwards = { ...variables, ...flow.variables }
  if (Object.keys(flow.blocks).length + Object.keys(blocks).length > flowLimits.blocks) return 'tooMany'
  if (Object.keys(afterwards).length > flowLimits.variables) return 'tooMany'
  const fresh = new Map(Object.keys(blocks).map((id) => [id, crypto.randomUUID() as string]))
  const all = bounds([...boxesOf(viewedOf({ ...flow, blocks })).values()])
  const spot = freeSpot(viewed, at, all)
  const names = new Set(Object.values(flow.blocks).map(({ name }) => name))
  const added: Record<string, Block> = {}
  for (const [id, block] of Object.entries(blocks)) {
    const name = freeName(block.name, (one) => names.has(one))
    names.add(name)
    const position = { x: within(block.position.x - all.x + spot.x), y: within(block.position.y - all.y + spot.y) }
    added[fresh.get(id) ?? id] = { ...relinked(block, (to) => fresh.get(to) ?? null), name, position }
  }
  return { ids: [...fresh.values()], changes: [{ type: 'addBlocks', blocks: added, variables }] }
}
