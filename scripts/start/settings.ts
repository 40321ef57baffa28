import * as z from 'zod'
import { isLoopbackUrl } from '#ground/loopback.ts'
import { databaseUrl, dataKey, faultsOf, optional, port, publicUrl } from '#ground/settings.ts'

const ownPort = port.refine((number) => number > 0, 'must be a port from 1 to 65535')

export const Environment = z.object({
  PORT: ownPort.default(3000),
  BOT_PORT: ownPort.default(3978),
  EMULATOR_PORT: ownPort.default(3979),
  DATABASE_URL: optional(databaseUrl),
  DATA_DIR: z.string().default('.data'),
  DATA_KEY: optional(dataKey),
  PUBLIC_URL: optional(publicUrl),
  BOT_APP_ID: z.string().optional(),
  BOT_APP_SECRET: z.string().optional(),
  BOT_CERTIFICATE_THUMBPRINT: z.string().optional(),
  BOT_CERTIFICATE_KEY: z.string().optional(),
  BOT_TENANT_ID: z.string().optional(),
})

export type Settings = z.infer<typeof Environment>

/** What a start goes by, or what to say when it cannot. */
export function readSettings(
  environment: NodeJS.ProcessEnv,
): { settings: Settings; real: boolean } | { fault: string } {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success) return { fault: `${faultsOf(parsed.error, environment)}\nSee "Settings" in README.md.` }
  const mode = modeOf(parsed.data)
  return 'fault' in mode ? mode : { settings: parsed.data, real: mode.real }
}

/**
 * Whether the bot is configured for Teams, or what to say when it is only in part: somebody who has given one of its
 * settings does not want to end up on this machine alone. What a setting has to look like is checked by the bot.
 */
export function modeOf(settings: Settings): { real: boolean } | { fault: string } {
  const isPublic = settings.PUBLIC_URL !== undefined && !isLoopbackUrl(settings.PUBLIC_URL)
  const byCertificate =
    !settings.BOT_APP_SECRET && (settings.BOT_CERTIFICATE_THUMBPRINT || settings.BOT_CERTIFICATE_KEY)
  const credential = byCertificate
    ? (['BOT_CERTIFICATE_THUMBPRINT', 'BOT_CERTIFICATE_KEY'] as const)
    : (['BOT_APP_SECRET'] as const)
  const needed = (['BOT_APP_ID', ...credential, 'BOT_TENANT_ID', 'PUBLIC_URL'] as const).map((name) => ({
    name,
    given: name === 'PUBLIC_URL' ? isPublic : Boolean(settings[name]),
  }))
  const given = needed.filter((one) => one.given).map(({ name }) => name)
  const missing = needed.filter((one) => !one.given).map(({ name }) => name)
  if (given.length === 0 || missing.length === 0) return { real: missing.length === 0 }
  const others = missing.map((name) => (name === 'PUBLIC_URL' ? "PUBLIC_URL (the bot's public https address)" : name))
  return {
    fault: `The bot is configured for Teams only in part: set ${list(others)} as well, or leave out ${list(given)} to try everything on this machine.`,
  }
}

const list = (names: string[]) => new Intl.ListFormat('en').format(names)
