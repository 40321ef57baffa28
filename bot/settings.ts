import * as z from 'zod'
import { isLoopbackUrl } from '#ground/loopback.ts'
import { optional, port } from '#ground/settings.ts'

const Url = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const Environment = z.object({
  BOT_PORT: port.default(3978),
  BOT_HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  PUBLIC_URL: z.url({ protocol: /^https$/, error: 'must be an https address: Graph calls back only there' }),
  BOT_APP_ID: optional(z.guid()),
  BOT_APP_SECRET: optional(z.string()),
  BOT_CERTIFICATE_THUMBPRINT: optional(z.string().regex(/^[0-9A-Fa-f]{64}$/)),
  BOT_CERTIFICATE_KEY: optional(z.string()),
  BOT_TENANT_ID: optional(z.guid()),
  EMULATOR_URL: optional(Url),
  GRAPH_URL: optional(Url),
  LOGIN_URL: optional(Url),
  TAB_URL: optional(z.string()),
  DATA_DIR: z.string().min(1).default('.data'),
  HISTORY_DAYS: z.coerce.number().int().min(0).max(36_500).default(180),
  MAX_LIVE_CALLS: z.coerce.number().int().min(1).default(2000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
})

export type Settings = {
  port: number
  host: string
  databaseUrl: string
  publicUrl: string
  appId: string
  tenantId: string
  credential: { secret: string } | { certificate: { thumbprintSha256: string; privateKey: string } }
  /** Where Graph, the login service and their keys are; without them the real ones. */
  services: { graphUrl?: string; loginUrl?: string; callsOpenIdUrl?: string; messagesOpenIdUrl?: string }
  /** Everything runs on this machine, with an emulator in Graph's place. */
  local: boolean
  /** Where flows are drawn; null when the bot does not know. */
  designerUrl: string | null
  /** What the bot keeps beside it. Of this machine alone. */
  dataDir: string
  /** How long calls are kept, in days; 0: for good. */
  historyDays: number
  maxLiveCalls: number
  logLevel: string
}

/** A setting is missing or not safe: the bot does not start. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly code = 'settings'
}

/**
 * Reads the settings from the environment, once.
 * @throws SettingsError naming each fault. Without the bot's own id, tenant and secret only an emulator on this machine
 *   is spoken to: an empty app id would let anybody post calls.
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new SettingsError(`Settings are missing or wrong.\n  ${faults.join('\n  ')}\nSee "Settings" in README.md.`)
  }
  const set = parsed.data
  const emulator = set.EMULATOR_URL
  if (emulator !== undefined && !isLoopbackUrl(emulator)) {
    throw new SettingsError(
      'EMULATOR_URL must be an address of this machine: an emulator elsewhere could send any call.',
    )
  }
  const { BOT_APP_ID: appId, BOT_TENANT_ID: tenantId } = set
  const credential = set.BOT_APP_SECRET
    ? { secret: set.BOT_APP_SECRET }
    : set.BOT_CERTIFICATE_THUMBPRINT && set.BOT_CERTIFICATE_KEY
      ? { certificate: { thumbprintSha256: set.BOT_CERTIFICATE_THUMBPRINT, privateKey: set.BOT_CERTIFICATE_KEY } }
      : null
  if (!appId || !tenantId || !credential) {
    const missing = [!appId && 'BOT_APP_ID', !tenantId && 'BOT_TENANT_ID', !credential && 'BOT_APP_SECRET'].filter(
      Boolean,
    )
    throw new SettingsError(
      `The bot does not start without ${missing.join(', ')}: it could not tell Microsoft from anybody else. To try it on this machine without an account, run "npm start".`,
    )
  }
  return {
    port: set.BOT_PORT,
    host: set.BOT_HOST,
    databaseUrl: set.DATABASE_URL,
    publicUrl: set.PUBLIC_URL.replace(/\/+$/, ''),
    appId,
    tenantId,
    credential,
    services: emulator
      ? {
          graphUrl: set.GRAPH_URL ?? emulator,
          loginUrl: set.LOGIN_URL ?? emulator,
          callsOpenIdUrl: `${emulator}/v1/.well-known/OpenIdConfiguration`,
          messagesOpenIdUrl: `${emulator}/messages/v1/.well-known/openidconfiguration`,
        }
      : {
          ...(set.GRAPH_URL === undefined ? {} : { graphUrl: set.GRAPH_URL }),
          ...(set.LOGIN_URL === undefined ? {} : { loginUrl: set.LOGIN_URL }),
        },
    local: emulator !== undefined,
    designerUrl: set.TAB_URL ?? null,
    dataDir: set.DATA_DIR,
    historyDays: set.HISTORY_DAYS,
    maxLiveCalls: set.MAX_LIVE_CALLS,
    logLevel: set.LOG_LEVEL,
  }
}
