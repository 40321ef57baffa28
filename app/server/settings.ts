import * as z from 'zod'
import { isLoopbackName, isLoopbackUrl } from '#ground/loopback.ts'
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

const Environment = z
  .object({
    PORT: port.default(3000),
    /** Not `HOST`, in which some shells keep the machine's own name. */
    DESIGNER_HOST: z.string().trim().min(1, 'must name an address of this machine').default('127.0.0.1'),
    DATABASE_URL: databaseUrl,
    DATA_KEY: optional(dataKey),
    /** `1`: everything runs on this machine and whoever sits at it is signed in. */
    LOCAL_MODE: z.stringbool().default(false),
    /** The Graph calls emulator; only in local mode. */
    EMULATOR_URL: z.url().optional(),
    LOCAL_SERVICES: localServices,
    API_TOKEN: optional(
      z.string().min(32, 'must have at least 32 characters, such as "openssl rand -base64 32" prints'),
    ),
    /** Tested drafts, and audio that no version needs any more, are kept for so many days. */
    KEEP_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
    // The one spelling in which ids are compared, and what is sealed names its tenant.
    BOT_TENANT_ID: z.guid().transform((given) => given.toLowerCase()),
    BOT_APP_ID: z.guid(),
    /** The bot's address as Teams sees it. */
    PUBLIC_URL: publicUrl.default('https://bot.localhost'),
  })
  .superRefine(({ LOCAL_MODE, DESIGNER_HOST, EMULATOR_URL, PUBLIC_URL, LOCAL_SERVICES }, context) => {
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (!LOCAL_MODE) {
      if (LOCAL_SERVICES.length > 0) refuse('LOCAL_SERVICES', 'is for a bot on this machine alone: leave it out')
      return
    }
    // In local mode nobody is asked who they are, so nothing of it may be reached or reach out.
    // That the address bar says localhost is no proof: whoever reaches this process can write any Host.
    if (!isLoopbackName(DESIGNER_HOST) && DESIGNER_HOST !== '::1') {
      refuse('DESIGNER_HOST', 'must be an address of this machine alone (127.0.0.1) in local mode: nobody signs in')
    }
    if (!EMULATOR_URL) refuse('EMULATOR_URL', 'is needed in local mode: the address of the emulator')
    else if (!isLoopbackUrl(EMULATOR_URL)) refuse('EMULATOR_URL', 'must be on this machine (loopback) in local mode')
    if (!isLoopbackUrl(PUBLIC_URL)) {
      refuse('PUBLIC_URL', 'is public, so a real bot is configured: set LOCAL_MODE=0, or leave PUBLIC_URL out')
    }
  })

export type Settings = {
  /** Where this process listens. */
  host: string
  port: number
  databaseUrl: string
  /** Seals what is kept; null: nothing is kept that has to be sealed. */
  dataKey: string | null
  tenantId: string
  appId: string
  /** Tested drafts, and audio that no version needs any more, are kept for so many days. */
  keepDays: number
  /** Secrets and values that flows name, from the environment; they come before those of the database. */
  named: NamedInEnvironment
  /** Hosts of this machine that requests of flows may go to. */
  localServices: readonly string[]
  /** By which programs start calls; null: none may, but on this machine in local mode. */
  apiToken: string | null
  /** Null unless everything runs on this machine. */
  local: { emulatorUrl: string } | null
}

/**
 * Reads what this process has to know from its environment.
 * @throws Error that names each variable that is missing or wrong, with what to do, and never a secret
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) {
    throw new Error(`The designer cannot start with these settings.\n${faultsOf(parsed.error, environment)}`)
  }
  const { DATABASE_URL, DATA_KEY, BOT_TENANT_ID, BOT_APP_ID, LOCAL_MODE, EMULATOR_URL, KEEP_DAYS } = parsed.data
  return {
    host: parsed.data.DESIGNER_HOST,
    port: parsed.data.PORT,
    databaseUrl: DATABASE_URL,
    dataKey: DATA_KEY ?? null,
    tenantId: BOT_TENANT_ID,
    appId: BOT_APP_ID,
    keepDays: KEEP_DAYS,
    named: namedIn(environment),
    localServices: parsed.data.LOCAL_SERVICES,
    apiToken: parsed.data.API_TOKEN ?? null,
    local: LOCAL_MODE && EMULATOR_URL ? { emulatorUrl: new URL(EMULATOR_URL).origin } : null,
  }
}
