import * as z from 'zod'
import type { Flow } from './flow.ts'
import { bundleLimits, flowLimits } from './flowLimits.ts'
import { valueTypes } from './values.ts'

/** Flows that enter other flows: which one a block means, and what is known of that one from outside. See decisions/sub-flows.md. */

/** A flow, and which version of it; null: the one that was published last when the call began. The name is for people. */
export const FlowChoice = z.object({
  id: z.guid(),
  name: z.string().trim().max(flowLimits.name),
  version: z.number().int().min(1).nullable().default(null),
})
export type FlowChoice = z.infer<typeof FlowChoice>

/** How an end of a sub-flow is called: an exit of the blocks that call it. `error` is that of every block. */
export const ExitName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .refine((name) => name !== 'error' && !(name in Object.prototype), 'invalid_format')

/** The most parameters that a flow takes, and the most values that it gives back. */
export const mostParameters = 20
/** The most ends with names of their own that one flow can have. */
export const mostExits = 20
/** So many flows may wait for each other: people nest three, and what goes deeper than this calls itself. */
export const mostFrames = 10

/** The most versions that one call may come to. */
export const mostFlows = bundleLimits.flows

/** By which a flow is found among those that may be entered: `…@3`, or `…@latest`. */
export const linkOf = ({ id, version }: Pick<FlowChoice, 'id' | 'version'>): string => `${id}@${version ?? 'latest'}`

/** What flows may enter, by link: handed in by whoever compiles. `key` is the link of that very version. */
export type FlowLibrary = ReadonlyMap<string, { readonly key: string; readonly flow: Flow }>

export const noLibrary: FlowLibrary = new Map()

/** What a published version is from outside: all that is needed to call it, without the document. */
export const FlowFace = z.object({
  /** Null: it answers calls, and is no sub-flow. */
  parameters: z.array(z.object({ name: z.string(), type: z.enum(valueTypes), required: z.boolean() })).nullable(),
  exits: z.array(z.string()),
  gives: z.array(z.object({ name: z.string(), type: z.enum(valueTypes), sensitive: z.boolean() })),
  /** It asks callers something, or records them. */
  asks: z.boolean(),
  /** The flows that it surely enters without having asked anything, by link. */
  enters: z.array(z.string()),
})
export type FlowFace = z.infer<typeof FlowFace>

/** Published versions, by link. The name is that which the flow has now. */
export type FlowFaces = Readonly<Record<string, FlowFace & { id: string; name: string; version: number }>>

/** The blocks that enter other flows. */
const entering = new Set(['callFlow', 'goToFlow'])

/** The flows that the blocks of one may enter. */
export const choicesIn = ({ blocks }: Flow): FlowChoice[] =>
  Object.values(blocks).flatMap(({ type, settings }) =>
    entering.has(type) ? (FlowChoice.safeParse(settings.flow).data ?? []) : [],
  )

/** The variables that a sub-flow's caller sets. */
export const Parameters = z.array(z.object({ variable: z.string().max(64), required: z.boolean() })).max(mostParameters)

/** The parameters that a flow takes; null for one that is no sub-flow. */
export function parametersOf({ blocks, start, variables }: Flow): FlowFace['parameters'] {
  const block = Object.hasOwn(blocks, start) ? blocks[start] : undefined
  if (block?.type !== 'subFlowStart') return null
  return (Parameters.safeParse(block.settings.parameters).data ?? []).flatMap(({ variable, required }) => {
    const declared = variables[variable]
    return declared ? [{ name: variable, type: declared.type, required }] : []
  })
}
