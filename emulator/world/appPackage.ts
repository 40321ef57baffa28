import { unzipSync } from 'fflate'
import * as z from 'zod'
import { json } from '#ground/json.ts'
import { badRequest } from '../wire/refusal.ts'

/** A Teams app package, as far as the catalog looks into it. */

const maxManifestBytes = 1_000_000

const manifestSchema = z.object({
  id: z.string().min(1),
  version: z.string().regex(/^\d+(\.\d+){0,3}$/, 'must be numbers with dots'),
  name: z.object({ short: z.string().min(1) }),
  description: z.object({ short: z.string(), full: z.string() }),
  bots: z.array(z.object({ botId: z.string() })).optional(),
  webApplicationInfo: z.object({ id: z.string() }).optional(),
})
export type Manifest = z.output<typeof manifestSchema>

/** Throws a Refusal 400 for what is no zip, or has no manifest.json that says what the catalog needs. Nothing else is unpacked. */
export function readAppPackage(bytes: Uint8Array): Manifest {
  const manifest = manifestIn(bytes)
  if (!manifest) throw badRequest('The app package must have a manifest.json at its top.')
  if (manifest.byteLength > maxManifestBytes) throw badRequest('manifest.json is too large.')
  // Teams takes manifests that begin with a byte order mark; TextDecoder drops it.
  const parsed = manifestSchema.safeParse(json(new TextDecoder().decode(manifest)))
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ')
  throw badRequest(`manifest.json is not right: ${where}.`)
}

function manifestIn(bytes: Uint8Array): Uint8Array | undefined {
  try {
    // A size that lies cannot make it larger: fflate never writes beyond the size it was told.
    const isWanted = ({ name, originalSize }: { name: string; originalSize: number }) =>
      name === 'manifest.json' && originalSize <= maxManifestBytes
    return unzipSync(bytes, { filter: isWanted })['manifest.json']
  } catch {
    throw badRequest('The body is no zip file.')
  }
}

/** Whether the first version is higher: compared number by number, as 1.10 comes after 1.9. */
export function isHigherVersion(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number))
  for (let place = 0; place < Math.max(one?.length ?? 0, other?.length ?? 0); place++) {
    const difference = (one?.[place] ?? 0) - (other?.[place] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}
