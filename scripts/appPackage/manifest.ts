import { createRequire } from 'node:module'
import { AppManifestUtils } from '@microsoft/app-manifest'
import ts from 'typescript'
import * as z from 'zod'
import { lineAt, lineOf } from './jsonLine.ts'
import type { Problem } from './problem.ts'

const manifestFile = 'appPackage/manifest.json'

/**
 * Fills in the manifest, and checks all that can be checked without the internet.
 * @param placeholders what stands in double braces, by name
 */
export async function fillManifest(
  template: string,
  placeholders: Record<string, string>,
): Promise<{ text: string } | { problems: Problem[] }> {
  const filled = fill(template, placeholders)
  if ('problems' in filled) return filled

  const parsed = parseJson(filled.text)
  if ('problems' in parsed) return parsed

  const faults = await schemaProblems(parsed.value, filled.text)
  const problems = faults.length > 0 ? faults : agreementProblems(parsed.value, filled.text, placeholders)
  return problems.length > 0 ? { problems } : filled
}

function fill(template: string, placeholders: Record<string, string>): { text: string } | { problems: Problem[] } {
  const problems: Problem[] = []
  const text = template.replace(/\$\{\{(.*?)\}\}/g, (whole, inner: string, index: number) => {
    const value = placeholders[inner.trim()]
    if (value !== undefined) return JSON.stringify(value).slice(1, -1)
    problems.push({
      what: `Nothing is known for ${whole}`,
      where: `${manifestFile}, line ${lineAt(template, index)}`,
      fix: `Use one of ${Object.keys(placeholders).sort().join(', ')}, or write the value itself.`,
    })
    return whole
  })
  return problems.length > 0 ? { problems } : { text }
}

function parseJson(text: string): { value: unknown } | { problems: Problem[] } {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // V8 tells the place of some faults only, and TypeScript's lenient parser that of the others.
    const position =
      /position (\d+)/.exec(message)?.[1] ?? ts.parseConfigFileTextToJson(manifestFile, text).error?.start
    const line = lineAt(text, Number(position ?? text.length))
    const fix = 'Correct the JSON: look for a missing comma, quotation mark or bracket on that line or the one above.'
    return { problems: [{ what: `The manifest is not JSON: ${message}`, where: `${manifestFile}, line ${line}`, fix }] }
  }
}

/** The schemas that @microsoft/app-manifest carries; given by hand, since it looks on the internet for one that it has not. */
function schemaFor(manifest: unknown): object | null {
  const named = z.object({ $schema: z.string() }).safeParse(manifest)
  const version = /^https:\/\/developer\.microsoft\.com\/.*\/teams\/(v1\.\d+)\//.exec(named.data?.$schema ?? '')?.[1]
  if (!version) return null
  const require = createRequire(import.meta.url)
  try {
    return require(`@microsoft/app-manifest/build/json-schemas/teams/${version}/MicrosoftTeams.schema.json`)
  } catch {
    return null
  }
}

async function schemaProblems(manifest: unknown, text: string): Promise<Problem[]> {
  const schema = schemaFor(manifest)
  if (!schema) {
    return [
      {
        what: 'The manifest names no schema that is known here',
        where: `${manifestFile}, line ${lineOf(text, '/$schema')}`,
        fix: 'Use https://developer.microsoft.com/en-us/json-schemas/teams/v1.25/MicrosoftTeams.schema.json, and its manifestVersion.',
      },
    ]
  }
  // The types of the package describe one good manifest of each version; here is anything, to be judged by the schema.
  type Arguments = Parameters<typeof AppManifestUtils.validateAgainstSchema>
  const errors = await AppManifestUtils.validateAgainstSchema(manifest as Arguments[0], schema as Arguments[1])
  return errors.map((error) => {
    const [, pointer = '', message = error, details] = /^(\S*) (.*?)\.? Details: (.*)$/s.exec(error) ?? []
    const tooMuch = /^\{"additionalProperty":"(.*)"\}$/.exec(details ?? '')?.[1]
    return {
      what: `${pointer || 'The manifest'} ${message}${details && details !== '{}' ? ` ${details}` : ''}`,
      where: `${manifestFile}, line ${lineOf(text, tooMuch ? `${pointer}/${tooMuch}` : pointer)}`,
      fix: 'Change the manifest to what its schema asks for.',
    }
  })
}

const Checked = z.object({
  icons: z.object({ color: z.string(), outline: z.string() }),
  staticTabs: z.array(z.object({ contentUrl: z.string(), websiteUrl: z.string() }).partial()).default([]),
  bots: z.array(z.object({ botId: z.string(), supportsCalling: z.boolean().default(false) })).default([]),
  validDomains: z.array(z.string()).default([]),
  webApplicationInfo: z.object({ id: z.string(), resource: z.string().optional() }).optional(),
})

/** What the schema cannot know: that the parts of the manifest are about the same app. */
function agreementProblems(manifest: unknown, text: string, placeholders: Record<string, string>): Problem[] {
  const { icons, staticTabs, bots, validDomains, webApplicationInfo } = Checked.parse(manifest)
  const problems: Problem[] = []
  const report = (pointer: string, what: string, fix: string) =>
    problems.push({ what, where: `${manifestFile}, line ${lineOf(text, pointer)}`, fix })

  for (const name of ['color', 'outline'] as const) {
    const file = `${name}.png`
    if (icons[name] !== file) {
      report(
        `/icons/${name}`,
        `The icon ${icons[name]} is not in the package`,
        `Name it ${file}, and keep it beside the manifest.`,
      )
    }
  }

  if (!bots.some((bot) => bot.supportsCalling)) {
    report(
      '/bots/0/supportsCalling',
      'No bot of this app can be called',
      'Set supportsCalling to true for the bot; Teams does not ring it otherwise.',
    )
  }
  for (const [index, bot] of bots.entries()) {
    if (bot.botId === placeholders.BOT_APP_ID) continue
    report(
      `/bots/${index}/botId`,
      'The bot is another one than BOT_APP_ID',
      'Write the placeholder of BOT_APP_ID there.',
    )
  }

  for (const [index, tab] of staticTabs.entries()) {
    for (const [name, url] of Object.entries(tab)) {
      const host = URL.canParse(url) ? new URL(url).host : url
      if (validDomains.includes(host)) continue
      report(
        `/staticTabs/${index}/${name}`,
        `${host} is not among validDomains`,
        'Add it there; Teams does not show pages of other domains in a tab.',
      )
    }
  }

  // https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/authentication/tab-sso-register-aad: of an app with a bot and a tab
  const resource = `api://${placeholders.TAB_DOMAIN}/botid-${placeholders.BOT_APP_ID}`
  if (webApplicationInfo?.id !== placeholders.BOT_APP_ID || webApplicationInfo?.resource !== resource) {
    report(
      '/webApplicationInfo',
      'Signing in from the tab would fail: webApplicationInfo does not match BOT_APP_ID and TAB_URL',
      `Set id to the bot's app id and resource to ${resource}, which is also the Application ID URI in Microsoft Entra.`,
    )
  }
  return problems
}
