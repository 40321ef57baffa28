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
const prisma = createRequire(import.meta.url).resolve('prisma/package.json')
const schema = join(root, 'prisma', 'schema.prisma')
const stamp = join(root, 'store', 'generated', 'stamp')

const source = createHash('sha256').update(readFileSync(schema)).update(readFileSync(prisma)).digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== source) {
  execFileSync(process.execPath, [join(prisma, '..', 'build', 'index.js'), 'generate', '--schema', schema], {
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
