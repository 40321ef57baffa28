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
    const all = [flow, ...Object.values(flows)]
    const every = all.flatMap((one) => Object.values(one.blocks))
    const unknown = every.filter(({ type }) => !kindOf(type)).map((block) => block.name || block.type)
    const { secret, value } = await unresolvedIn(all, await knownOf(services, tenantId))
    return created({
      ...brought,
      blocks: Object.keys(flow.blocks).length,
      unknown,
      unresolved: [...new Set([...secret, ...value])],
    })
  },
)
