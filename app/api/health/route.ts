import { emulatorOf } from '#app/server/emulator.ts'
import { services } from '#app/server/services.ts'
import type { Health } from '#designer/wire.ts'

/** Answers everybody, because whoever looks after the process is not signed in; it tells nothing about anybody. */
export async function GET(): Promise<Response> {
  const { settings, store } = services()
  const [database, emulator] = await Promise.all([
    store.ready().then(
      () => true,
      () => false,
    ),
    settings.local ? emulatorOf(settings).isThere() : undefined,
  ])
  const checks = { database, ...(emulator !== undefined && { emulator }) }
  const ok = database && emulator !== false
  const health: Health = { name: 'designer', ok, version: process.env.npm_package_version ?? '0.1.0', checks }
  return Response.json(health, { status: ok ? 200 : 503, headers: { 'cache-control': 'no-store' } })
}
