import * as z from 'zod'
import { unresolvedIn } from '#app/server/flowFile.ts'
import { knownOf } from '#app/server/known.ts'
import { bodyOf, created, respond } from '#app/server/respond.ts'
import type { AnswerOf } from '#designer/wire.ts'
import { readBundle } from '#flow/bundle.ts'
import { bundleLimits } from '#flow/flowLimits.ts'
import { kindOf } from '#flow/kinds.ts'

/** A new flow from a file, with the flows, hours and tables in it. Blocks that this program does not know are kept as they are, and named. */
export const POST = respond<AnswerOf<'POST /api/flows/import'>>(
  async ({ request, who: { tenantId, name: by }, services }) => {
    const bundle = readBundle(await bodyOf(request, z.unknown(), bundleLimits.bytes))
    const { flow, flows, ...brought } = await services.store.bundles.bring(tenantId, { bundle, by })
    const blocks = Object.values(flow.blocks)
    const all = [flow, ...Object.values(flows)].flatMap((one) => Object.values(one.blocks))
    const unknown = all.filter(({ type }) => !kindOf(type)).map((block) => block.name || block.type)
    const known = await knownOf(services, tenantId)
    const unresolved = [flow, ...Object.values(flows)].flatMap((one) =>
      unresolvedIn(one, known).map(({ name }) => name),
    )
    return created({ ...brought, blocks: blocks.length, unknown, unresolved: [...new Set(unresolved)] })
  },
)
