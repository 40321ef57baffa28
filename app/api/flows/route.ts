import * as z from 'zod'
import { listItems } from '#app/server/flowList.ts'
import { Text } from '#app/server/inputs.ts'
import { startOf, starts } from '#app/server/newFlow.ts'
import { bodyOf, created, queryOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { Calendar } from '#flow/calendar.ts'
import { flowLimits } from '#flow/flowLimits.ts'
import type { FlowSummary } from '#store/flowList.ts'

const NewFlow = z.object({
  name: Text.trim().min(1).max(flowLimits.name),
  from: z.enum(starts),
  timeZone: Calendar.shape.timeZone.default('UTC'),
})

/** As many as a page shows at once. */
const pageSize = 50

const Query = z.object({
  search: Text.max(200).default(''),
  sort: z.enum(['changed', 'name']).default('changed'),
  /** `next` of the page before. */
  after: z.string().max(1_000).optional(),
})
const Mark = z.tuple([Text, z.string()])

export const GET = respond<AnswerOf<'GET /api/flows'>>(async ({ request, who, services }) => {
  const { search, sort, after } = queryOf(request, Query)
  const mark = after === undefined ? undefined : readMark(after)
  const query = { search, sort, limit: pageSize + 1, ...(mark && { after: mark }) }
  const { flows, total } = await services.store.flows.list(who.tenantId, query)
  const page = flows.slice(0, pageSize)
  const last = flows.length > pageSize ? page.at(-1) : undefined
  return { flows: await listItems(services, who.tenantId, page), total, next: last ? markOf(last, sort) : null }
})

/** Where the next page begins: opaque to the pages, and put together from what the list is sorted by. */
const markOf = ({ id, name, updatedAt }: FlowSummary, sort: 'changed' | 'name'): string =>
  Buffer.from(JSON.stringify([sort === 'name' ? name : updatedAt.toISOString(), id])).toString('base64url')

function readMark(text: string): { key: string; id: string } {
  try {
    const [key, id] = Mark.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { key, id }
  } catch {
    return { key: '', id: '' } // nothing is behind it
  }
}

export const POST = respond<AnswerOf<'POST /api/flows'>>(async ({ request, who, services: { store } }) => {
  const start = startOf(await bodyOf(request, NewFlow))
  const made = await store.bundles.bring(who.tenantId, { ...start, by: who.name })
  return created({ id: made.id, name: made.name })
})
