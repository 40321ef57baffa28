import * as z from 'zod'
import { resultsMeant } from '#designer/calls/outcomes.ts'
import type { CallGroup, CallResult } from '#designer/wire.ts'
import type { Wanted } from '#store/callSearch.ts'
import { Text } from './inputs.ts'

export const Time = z.iso.datetime().transform((text) => new Date(text))
const Place = z
  .string()
  .regex(/^[^~]+~[0-9a-f-]{36}$/i)
  .transform((text) => text.split('~'))
  .pipe(z.tuple([Time, z.string()]))

/** What addresses say of the calls that are wanted: `CallQuery` of designer/wire.ts. */
export const CallQuery = z.object({
  flowId: Text.optional(),
  result: z.enum(['live', 'transferred', 'finished', 'left', 'notReached']).optional(),
  from: Time.optional(),
  until: Time.optional(),
  text: Text.max(100).optional(),
  problem: Text.max(100).optional(),
  block: Text.max(100).optional(),
  group: z.enum(['notReached', 'now', 'earlier']).optional(),
  since: Time.optional(),
  before: Place.optional(),
})

const resultsOf: Record<CallGroup, readonly CallResult[]> = {
  notReached: ['notReached'],
  now: ['live'],
  earlier: ['transferred', 'finished', 'left', 'notReached'],
}

/** The same in the words of the store; null if there can be no such call. */
export function wantedOf(query: z.output<typeof CallQuery>): Wanted | null {
  const { flowId, result, from, until, text, problem, block, group, since, before } = query
  const inGroup = group && resultsOf[group]
  const results = result === undefined ? inGroup : [result].filter((one) => inGroup?.includes(one) ?? true)
  if (results?.length === 0) return null
  const begins = group === 'notReached' ? [from, since].filter((time) => time !== undefined) : [from]
  const latest = begins.reduce((a, b) => (a && b && a > b ? a : (b ?? a)))
  return {
    ...(flowId !== undefined && { flowId }),
    ...(results && { results }),
    ...(latest && { from: latest }),
    ...(until && { until }),
    ...(group === 'earlier' && since && { butNotReachedSince: since }),
    ...(problem !== undefined && { cause: { block: block ?? null, problem } }),
    ...(text?.trim() && { text, textResults: resultsMeant(text) }),
    ...(before && { before: { startedAt: before[0], id: before[1] } }),
  }
}
