import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * Writes the Prisma client to store/generated, if the schema or Prisma is another than the last time.
 * A stamp beside the client holds the hash of what it was made from.
 */
const root = join(import.meta.dirname, '..')
const { resolve } = createRequire(import.meta.url)
const client = resolve('@prisma/client/package.json') // the same version as that of the program, which production goes without
const schema = join(root, 'prisma', 'schema.prisma')
const stamp = join(root, 'store', 'generated', 'stamp')

const source = createHash('sha256').update(readFileSync(schema)).update(readFileSync(client)).digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== source) {
  execFileSync(process.execPath, [programOf(), 'generate', '--schema', schema], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      // Generating needs no schema engine, yet Prisma downloads one unless this names a file that can be executed.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  })
  mkdirSync(join(stamp, '..'), { recursive: true })
  writeFileSync(stamp, source)
}

function programOf(): string {
  try {
    return join(resolve('prisma/package.json'), '..', 'build', 'index.js')
  } catch {
    console.error(
      'store/generated is not there or not of this schema, and the package prisma, which writes it, is not installed. Run "npm ci && npm run build" once; what runs afterwards can do without (npm ci --omit=dev).',
    )
    process.exit(1)
  }
}
