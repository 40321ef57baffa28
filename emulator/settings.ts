import * as z from 'zod'
import { json } from '#ground/json.ts'
import { faultsOf, port, publicUrl } from '#ground/settings.ts'
import { samplePeople } from './samplePeople.ts'
import { whatIsWrong } from './wire/refusal.ts'
import { userSchema } from './wire/users.ts'

const origin = z.url().transform((url) => new URL(url).origin)

const app = z.strictObject({
  /** Application (client) id of the bot. */
  appId: z.string().min(1),
  secret: z.string().min(1),
  tenantId: z.string().min(1),
  /** Further tenants in which an administrator consented to the app. */
  otherTenants: z.array(z.string()).default([]),
  displayName: z.string().default('Calling Bot'),
  /** Where the calling webhook of the bot registration points to. Null: calling is not enabled there (403/7503). */
  webhook: z.url({ protocol: /^https$/ }).nullable(),
  /** Application permissions with admin consent, e.g. `Calls.Initiate.All`. */
  permissions: z.array(z.string()),
})

/** Milliseconds between what a call does by itself. Microsoft publishes none of them; these are short enough not to be noticed. */
const delays = z
  .strictObject({
    /** From the answer, or the 201 of an outgoing call, to `establishing`. */
    establishing: z.number().default(20),
    /** From `establishing` to `established`. */
    established: z.number().default(80),
    /** From `established` to the second `established`, with audio active. */
    audioActive: z.number().default(40),
    /** From the request to `transferring`. */
    transferring: z.number().default(30),
    /** From `terminating`, or `transferAccepted`, to `terminated`. */
    terminated: z.number().default(40),
    /** How long a person takes to answer or to decline when no rule for that person says so. */
    person: z.number().default(1000),
  })
  .prefault({})

const rateLimit = z.strictObject({ requests: z.number().int().min(1), perSeconds: z.number().positive() })

/** How many requests the service takes before it answers 429 (contract: limits.json, the page of 2025-01-14). */
const limits = z
  .strictObject({
    /** On calls, per app and tenant. */
    calls: rateLimit.default({ requests: 50_000, perSeconds: 15 }),
    /** On presence, per app and tenant. */
    presence: rateLimit.default({ requests: 10_000, perSeconds: 30 }),
    /** Of any sort, per app over all tenants. */
    overall: rateLimit.default({ requests: 130_000, perSeconds: 10 }),
  })
  .prefault({})

/** A name that is not here is refused: a setting that is misspelt would be taken for one that was left out. */
export const settingsSchema = z.strictObject({
  apps: z.array(app).min(1),
  /**
   * Public origins and where they live on this machine: the emulator plays the tunnel. Every other address that is not loopback is
   * refused, so the emulator never leaves the machine.
   */
  addresses: z.record(origin, origin).default({}),
  /**
   * Host names, besides loopback, under which the control API may be called (for example a container's name). Without any, only
   * this machine may call it.
   */
  controlHosts: z.array(z.string()).default([]),
  delays,
  /** How many times faster than life prompts play. */
  playbackSpeed: z.number().positive().default(1),
  /** The bot must answer, reject or redirect within this time (documented: 15 s). */
  answerWithinMs: z.number().default(15_000),
  /** A call without a keepAlive for this long ends with 408/8537 (documented: 45 min). */
  keepAliveMs: z.number().default(45 * 60_000),
  /** How long the emulator waits for a prompt, and how large it may be. Not documented by Microsoft. */
  promptTimeoutMs: z.number().default(5000),
  promptMaxBytes: z.number().default(20_000_000),
  /** How long the bot may take to answer a notification. Not documented by Microsoft. */
  notificationTimeoutMs: z.number().default(5000),
  /** How often a notification that failed is sent again, 1 s apart. Microsoft documents no retry of call notifications, hence none. */
  retries: z.number().int().min(0).default(0),
  /** Who signs notifications. The page names the first issuer; Microsoft's sample accepts both. */
  issuer: z
    .enum(['https://api.botframework.com', 'https://graph.microsoft.com'])
    .default('https://api.botframework.com'),
  /** Send the first notification of an incoming call in the old Skype form, and again in Graph form once the bot answers 204. */
  legacyFirst: z.boolean().default(false),
  /** Code of a completed transfer: the transfer page prints 0, the table of call ends 200. */
  transferResultCode: z.union([z.literal(0), z.literal(200)]).default(0),
  /**
   * Where the pages, the permission catalogue and Microsoft's sample disagree. `newest`: recordResponse and subscribeToTone need
   * Calls.AccessMedia.All (page and catalogue), sendDtmfTones too, hold music a join permission (catalogue). `older`: none of these
   * needs anything on a call that was made with permission.
   */
  permissionReading: z.enum(['newest', 'older']).default('newest'),
  /** `virtual`: time stands still until the control API moves it (`POST /emulator/time`). What sockets take stays real. */
  time: z.enum(['real', 'virtual']).default('real'),
  /** In virtual time, how long nothing must have come or gone before the next thing happens: the bot may be about to ask. */
  settleMs: z.number().min(0).default(20),
  limits,
  /** Notifications may go to http addresses of this machine; Graph takes https only. */
  allowLoopbackHttp: z.boolean().default(false),
  /** How long a bot may wait in the lobby before 200/5855. Not documented. */
  lobbyTimeoutMs: z.number().default(15 * 60_000),
  /** After this an invitation that nobody takes has failed (observed: about 60 s), and so has a transfer that nobody decides about. */
  invitationTimeoutMs: z.number().default(60_000),
  /** How long a recording can be fetched after the end of its call (documented: discarded shortly after). */
  recordingKeptMs: z.number().default(60_000),
  /**
   * Where a bot must have announced `recording` by updateRecordingStatus before recordResponse. The page says so of bots that persist
   * media, which nobody can see from outside: by default asked for where several people are heard.
   */
  recordingStatusNeeded: z.enum(['never', 'inGroupCalls', 'always']).default('inGroupCalls'),
  /** The tenant lets the app remove participants (Set-CsApplicationMeetingConfiguration -AllowRemoveParticipantAppIds). */
  allowRemoveParticipants: z.boolean().default(true),
  /** A meeting that is addressed by its chat and organizer and is not known: take it for one of the tenant, or end the call. */
  unknownMeetings: z.enum(['join', 'refuse']).default('join'),
  /** Who has an account from the start. The control API adds others. */
  users: z.array(userSchema).default([]),
})

export type Settings = z.output<typeof settingsSchema>
export type SettingsInput = z.input<typeof settingsSchema>
export type App = Settings['apps'][number]

/** Everything the calls that we make need, of the permissions that Graph knows. */
export const allCallPermissions = [
  'Calls.AccessMedia.All',
  'Calls.Initiate.All',
  'Calls.InitiateGroupCall.All',
  'Calls.JoinGroupCall.All',
  'Calls.JoinGroupCallAsGuest.All',
]

/** And everything else that an application can be granted here. */
const allPermissions = [
  ...allCallPermissions,
  'OnlineMeetings.ReadWrite.All',
  'OnlineMeetingArtifact.Read.All',
  'OnlineMeetingTranscript.Read.All',
  'OnlineMeetingRecording.Read.All',
  'Presence.ReadWrite.All',
  'AppCatalog.Read.All',
  'User.ReadBasic.All',
]

const where = z.object({
  EMULATOR_HOST: z.string().default('127.0.0.1'),
  EMULATOR_PORT: port.default(3979),
  /** A JSON file of settings, for several apps and tenants; then the variables below count for nothing. */
  EMULATOR_SETTINGS: z.string().optional(),
  /** `true`: https, with a certificate of its own, which it keeps in DATA_DIR. */
  EMULATOR_HTTPS: z.enum(['true', 'false']).default('false'),
  /** PEM files of a certificate (with its chain) and of its key: https with these. */
  EMULATOR_CERTIFICATE: z.string().optional(),
  EMULATOR_KEY: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
})

const environment = z.object({
  /** Comma-separated host names for `controlHosts`. */
  EMULATOR_CONTROL_HOSTS: z.string().default(''),
  BOT_APP_ID: z.string().min(1),
  BOT_APP_SECRET: z.string().min(1),
  BOT_TENANT_ID: z.string().min(1),
  BOT_DISPLAY_NAME: z.string().default('Calling Bot'),
  /** The bot's public https origin, as Teams would see it. */
  PUBLIC_URL: publicUrl.default('https://bot.localhost'),
  EMULATOR_TIME: z.enum(['real', 'virtual']).default('real'),
  /** `true`: callbackUri may be http on this machine, for bots that know no public address. */
  EMULATOR_ALLOW_HTTP: z.enum(['true', 'false']).default('false'),
  /** Where that origin really listens on this machine. */
  BOT_URL: z.url().default('http://127.0.0.1:3978'),
})

/** How the emulator is reached. `https`: none, with these files, or with a certificate of its own that is kept in `folder`. */
type Where = { host: string; port: number; https: { certificate: string; key: string } | { folder: string } | null }

/**
 * Reads the settings of `emulator/main.ts`; `readFile` brings the file that EMULATOR_SETTINGS names. Throws an error that names the
 * variables, or the places in the file, that are missing or wrong.
 */
export function readEnvironment(
  variables: Record<string, string | undefined>,
  readFile: (path: string) => string,
): Where & { settings: SettingsInput } {
  const set = read(where, variables)
  const reached = { host: set.EMULATOR_HOST, port: set.EMULATOR_PORT, https: httpsOf(set) }
  const file = set.EMULATOR_SETTINGS
  if (file === undefined) return { ...reached, settings: settingsOf(read(environment, variables)) }
  const settings = settingsSchema.safeParse(json(readFile(file)))
  if (settings.success) return { ...reached, settings: settings.data }
  throw new Error(`${file} is not right (${whatIsWrong(settings.error)}). emulator/settings.ts explains every setting.`)
}

function httpsOf(set: z.output<typeof where>): Where['https'] {
  const { EMULATOR_CERTIFICATE: certificate, EMULATOR_KEY: key } = set
  if (certificate && key) return { certificate, key }
  if (!certificate && !key) return set.EMULATOR_HTTPS === 'true' ? { folder: set.DATA_DIR } : null
  throw new Error(
    'EMULATOR_CERTIFICATE and EMULATOR_KEY belong together. Set both, or EMULATOR_HTTPS=true in their place.',
  )
}

function read<Schema extends z.ZodType>(schema: Schema, variables: Record<string, string | undefined>) {
  const parsed = schema.safeParse(variables)
  if (parsed.success) return parsed.data
  throw new Error(`${faultsOf(parsed.error, variables)}\nemulator/README.md lists the variables.`)
}

const settingsOf = (env: z.output<typeof environment>): SettingsInput => ({
  apps: [
    {
      appId: env.BOT_APP_ID,
      secret: env.BOT_APP_SECRET,
      tenantId: env.BOT_TENANT_ID,
      displayName: env.BOT_DISPLAY_NAME,
      webhook: new URL('/api/calls', env.PUBLIC_URL).href,
      permissions: allPermissions,
    },
  ],
  addresses: { [env.PUBLIC_URL]: env.BOT_URL },
  controlHosts: env.EMULATOR_CONTROL_HOSTS.split(',').filter(Boolean),
  time: env.EMULATOR_TIME,
  allowLoopbackHttp: env.EMULATOR_ALLOW_HTTP === 'true',
  users: samplePeople,
})
