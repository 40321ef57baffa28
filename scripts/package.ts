import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import * as z from 'zod'
import { buildPackage } from './appPackage/build.ts'

/** `npm run package`: writes build/appPackage.zip, which Teams installs. Values come from the environment, then from .env. */
const root = join(import.meta.dirname, '..')
const dotEnv = join(root, '.env')
const given = { ...(existsSync(dotEnv) ? parseEnv(readFileSync(dotEnv, 'utf8')) : {}), ...process.env }
// A variable that is set to nothing, as in a copied .env.example, is not set.
const environment: Record<string, string | undefined> = Object.fromEntries(
  Object.entries(given).filter(([, value]) => value),
)

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
const file = (name: string) => readFileSync(join(root, 'appPackage', name))

const outcome = await buildPackage(
  {
    APP_NAME: 'Call Flows',
    APP_VERSION: version,
    TEAMS_APP_ID: environment.TEAMS_APP_ID ?? ownAppId(),
    ...environment,
  },
  { manifest: file('manifest.json').toString(), color: file('color.png'), outline: file('outline.png') },
)

if ('problems' in outcome) {
  for (const { what, where, fix } of outcome.problems)
    console.error(`${what}.\n  Where: ${where}\n  What to do: ${fix}\n`)
  console.error('No package was written.')
  process.exitCode = 1
} else {
  const target = join(root, 'build', 'appPackage.zip')
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, outcome.zip)
  console.log('Wrote build/appPackage.zip. In Teams: Apps, Manage your apps, Upload an app, Upload a custom app.')
}

/** An id for an app that no portal knows yet, made once: with another id, Teams would take the next package for another app. */
function ownAppId(): string {
  const folder = environment.DATA_DIR ?? '.data'
  const kept = resolve(root, folder, 'teams-app-id')
  if (existsSync(kept)) return readFileSync(kept, 'utf8').trim()
  const id = crypto.randomUUID()
  mkdirSync(dirname(kept), { recursive: true })
  writeFileSync(kept, id)
  console.log(`TEAMS_APP_ID is not set: made ${id}, and kept it for the next time in ${folder}/teams-app-id.`)
  return id
}
