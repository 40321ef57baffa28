import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

const Identity = z.object({ appId: z.guid(), tenantId: z.guid(), secret: z.string().min(20) })
export type Identity = z.infer<typeof Identity>

/** The bot's identity on this machine, made up once and kept: nobody outside knows or needs it. */
export function localIdentity(dataDir: string): Identity {
  const file = join(dataDir, 'identity.json')
  if (existsSync(file)) return Identity.parse(JSON.parse(readFileSync(file, 'utf8')))
  const identity = { appId: randomUUID(), tenantId: randomUUID(), secret: randomBytes(32).toString('base64url') }
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(file, JSON.stringify(identity, null, 2), { mode: 0o600 })
  return identity
}

/** What is kept sealed on this machine is sealed with this, made once; whoever has only the database cannot read it. */
export function localDataKey(dataDir: string): string {
  const file = join(dataDir, 'data.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}
