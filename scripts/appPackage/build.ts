import { strToU8, zipSync } from 'fflate'
import { iconProblems } from './icon.ts'
import { fillManifest } from './manifest.ts'
import type { Problem } from './problem.ts'
import { readSettings, type Values } from './settings.ts'

/** The files of appPackage/ as they are on disk: the manifest with its placeholders. */
export type PackageFiles = { manifest: string; color: Uint8Array; outline: Uint8Array }

/**
 * Makes the package that Teams installs: the manifest, filled in from `values` (environment variables), and both icons at the root of a
 * zip. The same input gives the same bytes. Everything is checked here, with nothing fetched: Microsoft's schema, and the rules that
 * the schema does not know (https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema).
 */
export async function buildPackage(
  values: Values,
  { manifest, color, outline }: PackageFiles,
): Promise<{ zip: Uint8Array } | { problems: Problem[] }> {
  const settings = readSettings(values)
  const filled = 'problems' in settings ? settings : await fillManifest(manifest, settings.placeholders)
  const icons = [...iconProblems('color', color), ...iconProblems('outline', outline)]

  if ('problems' in filled) return { problems: [...filled.problems, ...icons] }
  if (icons.length > 0) return { problems: icons }

  const mtime = new Date(1980, 0, 1) // the first day that a zip can name, in the local time that a zip is in
  const entries = { 'manifest.json': strToU8(filled.text), 'color.png': color, 'outline.png': outline }
  return { zip: zipSync(entries, { level: 9, mtime }) }
}
