import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const rooms = ['app', 'designer', 'flow', 'ground', 'outbound', 'store', 'speech']
const files = ['package-lock.json', 'next.config.ts', 'proxy.ts', 'instrumentation.ts', 'tsconfig.json']

/**
 * Builds the designer when its sources are others than at the last build. Returns the build's own words when it failed.
 */
export function buildDesigner(root: string, next: string, say: (line: string) => void): string | null {
  const stamp = join(root, '.next', 'built-from')
  const source = hashOf(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === source) return null
  say('Building the designer. This is done once, and again when its sources change; it takes about a minute.')
  const built = spawnSync(process.execPath, [next, 'build'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (built.status !== 0) return `${built.stdout}\n${built.stderr}`
  writeFileSync(stamp, source)
  return null
}

function hashOf(root: string): string {
  const hash = createHash('sha256')
  const names = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name) && !entry.parentPath.includes('generated'))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  for (const name of [...names.sort(), ...files.map((file) => join(root, file))]) {
    hash.update(name.slice(root.length)).update(readFileSync(name))
  }
  return hash.digest('hex')
}
