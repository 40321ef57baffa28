import * as z from 'zod'
import { publishedOnWire } from '#app/server/flowList.ts'
import { Revision } from '#app/server/inputs.ts'
import { orRemoved } from '#app/server/removed.ts'
import { bodyOf, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { readFlow } from '#flow/flow.ts'
import { isDefault } from '#flow/routing.ts'

type Params = { flowId: string }

// `readFlow` says more about a flow that cannot be read than a schema would.
const Draft = z.object({ flow: z.unknown(), revision: Revision })

export const GET = respond<AnswerOf<'GET /api/flows/[flowId]'>, Params>(
  async ({ params: { flowId }, who, services: { store } }) => {
    const [draft, rules] = await Promise.all([
      orRemoved(store.flows, who.tenantId, flowId, store.flows.get(who.tenantId, flowId)),
      store.routeRules.list(who.tenantId),
    ])
    const { draftHash, updatedAt, published, ...rest } = draft
    return {
      ...rest,
      updatedAt: updatedAt.toISOString(),
      published: publishedOnWire(published),
      changed: draftHash !== published?.hash,
      defaultIsFree: !rules.some(isDefault),
      answers: rules
        .filter((rule) => rule.flowId === draft.id)
        .map(({ called, caller, when, position }) => ({ called, caller, when, position })),
    }
  },
)

export const PUT = respond<AnswerOf<'PUT /api/flows/[flowId]'>, Params>(
  async ({ request, params: { flowId }, who, services: { store } }) => {
    const { flow, revision } = await bodyOf(request, Draft)
    const saving = store.flows.saveDraft(who.tenantId, flowId, { flow: readFlow(flow), revision, by: who.name })
    const saved = await orRemoved(store.flows, who.tenantId, flowId, saving)
    return { revision: saved.revision, updatedAt: saved.updatedAt.toISOString() }
  },
)

export const DELETE = respond<void, Params>(({ params: { flowId }, who, services: { store } }) =>
  store.flows.remove(who.tenantId, flowId, who.name),
)
