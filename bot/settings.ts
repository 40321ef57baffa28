import * as z from 'zod'
import { isLoopbackUrl } from '#ground/loopback.ts'
import {
  databaseUrl,
  dataKey,
  faultsOf,
  localServices,
  type NamedInEnvironment,
  namedIn,
  optional,
  port,
  publicUrl,
} from '#ground/settings.ts'
import { isInnerHost } from './publicAddress.ts'

const service = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https://' })
const id = z
  .guid('must be an id of Entra: 32 hexadecimal digits in five groups')
  .refine((given) => !/^([0f])\1{7}-/i.test(given), {
    message: 'stands for nobody: set the id that Entra shows',
  })
  // The one spelling in which ids are compared, and what is sealed names its tenant.
  .transform((given) => given.toLowerCase())
const secret = z.string().refine((given) => given === given.trim() && given !== '', {
  message: 'has a blank at its beginning or end, or is nothing else: set it as Entra has shown it',
})

const Environment = z
  .object({
    BOT_PORT: port.default(3978),
    BOT_HOST: z.string().trim().min(1, 'must name an address of this machine').default('127.0.0.1'),
    DATABASE_URL: databaseUrl,
    DATA_KEY: optional(dataKey),
    PUBLIC_URL: publicUrl,
    BOT_APP_ID: optional(id),
    BOT_APP_SECRET: optional(secret),
    BOT_CERTIFICATE_THUMBPRINT: optional(
      z.string().regex(/^[0-9A-Fa-f]{64}$/, 'must be the SHA-256 thumbprint: 64 hexadecimal digits'),
    ),
    BOT_CERTIFICATE_KEY: optional(
      z.string().regex(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'must be a private key in PEM'),
    ),
    BOT_TENANT_ID: optional(id),
    EMULATOR_URL: optional(service),
    LOCAL_SERVICES: localServices,
    GRAPH_URL: optional(service),
    LOGIN_URL: optional(service),
    TAB_URL: optional(z.url({ protocol: /^https?$/, error: 'must be the address of the designer' })),
    DATA_DIR: z.string().min(1).default('.data'),
    HISTORY_DAYS: z.coerce.number().int().min(0).max(36_500).default(180),
    MAX_LIVE_CALLS: z.coerce.number().int().min(1).default(2000),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
    NODE_TLS_REJECT_UNAUTHORIZED: z.string().optional(),
  })
  .superRefine((set, context) => {
    const refuse = (name: keyof typeof set, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message })
    const { search, hash, username, password, hostname } = new URL(set.PUBLIC_URL)
    if (search || hash) refuse('PUBLIC_URL', 'must end before any ? or #: /api/calls is put behind it')
    if (username || password) refuse('PUBLIC_URL', 'must hold no name and no password: Teams does not sign in')
    if (set.EMULATOR_URL !== undefined) return refuseMixed(set, refuse)
    if (set.LOCAL_SERVICES.length > 0)
      refuse(
        'LOCAL_SERVICES',
        'must be left out: requests of flows reach this machine only while everything runs on it',
      )
    if (isInnerHost(hostname)) refuse('PUBLIC_URL', 'must be an address that Teams reaches from outside')
    for (const name of ['GRAPH_URL', 'LOGIN_URL'] as const) {
      const url = set[name]
      if (url === undefined) continue
      if (isInnerHost(new URL(url).hostname))
        refuse(name, 'is left over from an emulator: leave it out, or set EMULATOR_URL too')
      else if (!url.startsWith('https:')) refuse(name, 'must be an https address: tokens and secrets go there')
    }
    if (set.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
      refuse('NODE_TLS_REJECT_UNAUTHORIZED', 'must be left out: without certificates anybody could be Microsoft')
    }
  })

/** With an emulator everything is on this machine: a real bot would take its keys over http, and its calls from whoever is on the machine. */
function refuseMixed(
  set: {
    EMULATOR_URL?: string | undefined
    GRAPH_URL?: string | undefined
    LOGIN_URL?: string | undefined
    PUBLIC_URL: string
  },
  refuse: (name: keyof typeof set, message: string) => void,
): void {
  for (const name of ['EMULATOR_URL', 'GRAPH_URL', 'LOGIN_URL'] as const) {
    const url = set[name]
    if (url !== undefined && !isLoopbackUrl(url)) {
      refuse(name, 'must be an address of this machine: an emulator elsewhere could send any call')
    }
  }
  if (isLoopbackUrl(set.PUBLIC_URL)) return
  refuse(
    'EMULATOR_URL',
    'is set although PUBLIC_URL is public: leave out EMULATOR_URL for a bot in Teams, or PUBLIC_URL for one on this machine',
  )
}

/** An address without the slashes at its end. */
const plain = (url: string) => url.replace(/\/+$/, '')

export type Settings = {
  port: number
  host: string
  databaseUrl: string
  /** Seals what is kept; null: nothing is kept that has to be sealed. */
  dataKey: string | null
  publicUrl: string
  appId: string
  tenantId: string
  credential: { secret: string } | { certificate: { thumbprintSha256: string; privateKey: string } }
  /** Where Graph, the login service and their keys are; without them the real ones. */
  services: { graphUrl?: string; loginUrl?: string; callsOpenIdUrl?: string; messagesOpenIdUrl?: string }
  /** Everything runs on this machine, with an emulator in Graph's place. */
  local: boolean
  /** Secrets and values that flows name, from the environment; they come before those of the database. */
  named: NamedInEnvironment
  /** Hosts of this machine that requests of flows may go to. */
  localServices: readonly string[]
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
    throw new SettingsError(`${faultsOf(parsed.error, environment)}\nSee "Settings" in README.md.`)
  }
  const set = parsed.data
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
    dataKey: set.DATA_KEY ?? null,
    publicUrl: plain(set.PUBLIC_URL),
    appId,
    tenantId,
    credential,
    services: servicesOf(set),
    local: set.EMULATOR_URL !== undefined,
    named: namedIn(environment),
    localServices: set.LOCAL_SERVICES,
    designerUrl: set.TAB_URL ?? null,
    dataDir: set.DATA_DIR,
    historyDays: set.HISTORY_DAYS,
    maxLiveCalls: set.MAX_LIVE_CALLS,
    logLevel: set.LOG_LEVEL,
  }
}

function servicesOf({ EMULATOR_URL, GRAPH_URL, LOGIN_URL }: z.infer<typeof Environment>): Settings['services'] {
  const emulator = EMULATOR_URL && plain(EMULATOR_URL)
  const [graphUrl, loginUrl] = [GRAPH_URL ?? emulator, LOGIN_URL ?? emulator]
  return {
    ...(graphUrl && { graphUrl: plain(graphUrl) }),
    ...(loginUrl && { loginUrl: plain(loginUrl) }),
    ...(emulator && {
      callsOpenIdUrl: `${emulator}/v1/.well-known/OpenIdConfiguration`,
      messagesOpenIdUrl: `${emulator}/messages/v1/.well-known/openidconfiguration`,
    }),
  }
}
