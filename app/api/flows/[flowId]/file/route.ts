import * as z from 'zod'
import { AppError } from '#app/server/appError.ts'
import { bundleOf } from '#app/server/flowFile.ts'
import { versionName } from '#app/server/inputs.ts'
import { orRemoved } from '#app/server/removed.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import { writeBundle } from '#flow/bundle.ts'
import { bundleLimits } from '#flow/flowLimits.ts'

/** `version`: a number, or an id; without it the draft. `rows`: with those of its tables. */
const Query = z.object({ version: z.string().optional(), rows: z.literal('1').optional() })

/**
 * A flow as a file, with the hours, tables and flows that it speaks of: the same bytes for the same of them, and what `POST /api/flows/import`
 * reads.
 */
export const GET = respond<never, { flowId: string }>(
  async ({ request, params: { flowId }, who: { tenantId }, services: { store } }) => {
    const { version, rows } = queryOf(request, Query)
    // Versions stay when their flow is deleted, and are given to nobody then.
    const draft = await orRemoved(store.flows, tenantId, flowId, store.flows.get(tenantId, flowId))
    const { flow } = version === undefined ? draft : await store.versions.find(tenantId, flowId, versionName(version))
    const ending = version !== undefined && /^\d+$/.test(version) ? ` v${version}` : ''
    const file = writeBundle(await bundleOf(store, tenantId, { id: flowId, flow, rows: rows === '1' }))
    if (Buffer.byteLength(file) > bundleLimits.bytes) throw new AppError('fileTooLarge')
    return new Response(file, {
      headers: {
        'content-type': 'application/json',
        'content-disposition': attachment(`${flow.name}${ending}.json`),
        'cache-control': 'no-store',
      },
    })
  },
)

/** Any name, for browsers of today by RFC 5987, and without what no file may be called. */
function attachment(name: string): string {
  const possible = name.replace(/[\p{Cc}<>:"/\\|?*]/gu, '_')
  const plain = possible.replace(/[^ -~]/g, '_')
  const encoded = encodeURIComponent(possible).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
