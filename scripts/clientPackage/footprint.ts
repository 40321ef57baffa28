import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'

export type Footprint = { packages: number; bytes: number }

const names = z.record(z.string(), z.string()).default({})
const manifest = z.object({ dependencies: names, optionalDependencies: names })

/** How many packages these bring, themselves included, and what their files take, as they are installed below `root`. */
export function footprintOf(dependencies: string[], root: string): Footprint {
  const folders = new Set<string>()
  const open = dependencies.map((name) => ({ name, from: root, optional: false }))
  for (let next = open.pop(); next; next = open.pop()) {
    const folder = find(next.name, next.from)
    if (!folder && !next.optional) throw new Error(`${next.name} is not installed. Run npm ci first.`)
    if (!folder || folders.has(folder)) continue
    folders.add(folder)
    const { dependencies, optionalDependencies } = manifest.parse(
      JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
    )
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      open.push({ name, from: folder, optional: name in optionalDependencies })
    }
  }
  return { packages: folders.size, bytes: [...folders].reduce((sum, folder) => sum + bytesIn(folder), 0) }
}

/** Where Node finds the package: in the nearest node_modules above. */
function find(name: string, from: string): string | null {
  const folder = join(from, 'node_modules', name)
  if (existsSync(join(folder, 'package.json'))) return folder
  return dirname(from) === from ? null : find(name, dirname(from))
}

/** Of its own files; packages inside it count for themselves. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? bytesIn(path) : statSync(path).size
    })
    .reduce((sum, bytes) => sum + bytes, 0)
}
