import * as z from 'zod'
import type { Problem } from './problem.ts'

/** Environment variables, as they are set. */
export type Values = Record<string, string | undefined>

const guid = z.guid({ error: 'is not a GUID' })
const httpsUrl = z.url({ protocol: /^https$/, error: 'is not an https address' }).max(2_048, 'is too long')
const httpsOrigin = httpsUrl
  .refine(
    (url) => !URL.canParse(url) || new URL(url).href === `${new URL(url).origin}/`,
    'is more than an address: it has a path',
  )
  .transform((url) => new URL(url).host)
const shortText = (most: number) => z.string().trim().min(1, 'is empty').max(most, `is longer than ${most} characters`)

/** What each must be, and what to do about one that is not. */
const Settings = z.object({
  TEAMS_APP_ID: guid.describe(
    'Leave it out to have one made, or take the id of the app in the Teams Developer Portal.',
  ),
  BOT_APP_ID: guid.describe('Take the Application (client) ID of the app registration in Microsoft Entra.'),
  PUBLIC_URL: httpsOrigin.describe("Set the bot's public address, such as https://bot.contoso.com, without a path."),
  TAB_URL: httpsOrigin.describe(
    "Set the designer's public address, such as https://flows.contoso.com, without a path. Teams loads https only.",
  ),
  APP_NAME: shortText(30).describe('Choose a name of at most 30 characters.'),
  APP_VERSION: z
    .string()
    .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/, 'is not three numbers')
    .describe('Write three numbers, such as 1.0.0, and count up with every change that you upload.'),
  DEVELOPER_NAME: shortText(32).describe('Set the name of your company or team, at most 32 characters.'),
  DEVELOPER_WEBSITE_URL: httpsUrl.describe('Set the https address of a page about you or the app.'),
  DEVELOPER_PRIVACY_URL: httpsUrl.describe('Set the https address of your privacy statement.'),
  DEVELOPER_TERMS_URL: httpsUrl.describe('Set the https address of your terms of use.'),
})

type Settings = z.infer<typeof Settings>

/** The values that a package is made of, by the names that the manifest has for them. */
export function readSettings(values: Values): { placeholders: Record<string, string> } | { problems: Problem[] } {
  const settings = Settings.safeParse(values)
  return settings.success
    ? { placeholders: placeholdersOf(settings.data) }
    : { problems: settings.error.issues.map((issue) => settingProblem(issue, values)) }
}

function settingProblem(issue: z.core.$ZodIssue, values: Values): Problem {
  const name = String(issue.path[0]) as keyof Settings // the object itself is never wrong
  return {
    what: values[name] === undefined ? `${name} is not set` : `${name} ${issue.message}`,
    where: '.env, or the environment',
    fix: Settings.shape[name].description ?? '',
  }
}

/** The names in the manifest. Agents Toolkit fills in the same ones from env/.env.*, where domains are written out. */
function placeholdersOf({ TAB_URL, PUBLIC_URL, ...rest }: Settings): Record<string, string> {
  return { ...rest, TAB_DOMAIN: TAB_URL, BOT_DOMAIN: PUBLIC_URL }
}
