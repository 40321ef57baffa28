import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { AppManifestUtils, type TeamsManifest } from '@microsoft/app-manifest'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { kinds } from '#flow/kinds.ts'
import { peoplePermission } from '#ground/people.ts'
import { buildPackage, type PackageFiles } from './build.ts'
import { lineOf } from './jsonLine.ts'

const read = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', 'appPackage', name))
const files: PackageFiles = {
  manifest: read('manifest.json').toString(),
  color: read('color.png'),
  outline: read('outline.png'),
}
const botAppId = '0a1b2c3d-0000-4000-8000-00000000b072'
const values = {
  TEAMS_APP_ID: '0a1b2c3d-0000-4000-8000-0000000a9901',
  BOT_APP_ID: botAppId,
  PUBLIC_URL: 'https://bot.contoso.com',
  TAB_URL: 'https://Flows.contoso.com/',
  APP_NAME: 'Call "Flows" & more',
  APP_VERSION: '1.2.3',
  DEVELOPER_NAME: 'Contoso',
  DEVELOPER_WEBSITE_URL: 'https://contoso.com',
  DEVELOPER_PRIVACY_URL: 'https://contoso.com/privacy',
  DEVELOPER_TERMS_URL: 'https://contoso.com/terms',
}

/** As it stands in the manifest, and in the files of Agents Toolkit. */
const placeholder = (name: string) => `\${{${name}}}`

type Given = { values?: Record<string, string | undefined>; files?: Partial<PackageFiles> }

async function packageOf(given: Given = {}) {
  const outcome = await buildPackage({ ...values, ...given.values }, { ...files, ...given.files })
  if ('problems' in outcome) throw new Error(outcome.problems.map(({ what }) => what).join('; '))
  return { zip: outcome.zip, entries: unzipSync(outcome.zip) }
}

async function problemsOf(given: Given) {
  const outcome = await buildPackage({ ...values, ...given.values }, { ...files, ...given.files })
  return 'problems' in outcome ? outcome.problems : []
}

/** The manifest with one thing changed, and the line where it is. */
function changed(from: string, to: string) {
  const [before, after] = files.manifest.split(from)
  if (before === undefined || after === undefined) throw new Error(`The manifest has no ${from}`)
  return { manifest: files.manifest.replace(from, () => to), line: before.split('\n').length }
}

/** The icon with other bytes in its header. */
function icon(name: 'color' | 'outline', at: number, byte: number) {
  const bytes = new Uint8Array(files[name])
  bytes[at] = byte
  return bytes
}

describe('the app package', () => {
  it('has the manifest and both icons at its root, and nothing else', async () => {
    const { entries } = await packageOf()
    expect(Object.keys(entries).sort()).toEqual(['color.png', 'manifest.json', 'outline.png'])
    expect(Buffer.compare(entries['color.png'] ?? new Uint8Array(), files.color)).toBe(0)
    expect(Buffer.compare(entries['outline.png'] ?? new Uint8Array(), files.outline)).toBe(0)
  })

  it('is about one app: bot, tabs, domains and sign-in agree', async () => {
    const { entries } = await packageOf()
    expect(JSON.parse(strFromU8(entries['manifest.json'] ?? new Uint8Array()))).toMatchObject({
      id: values.TEAMS_APP_ID,
      version: '1.2.3',
      name: { short: 'Call "Flows" & more' },
      bots: [{ botId: botAppId, supportsCalling: true, supportsVideo: false }],
      staticTabs: [
        { contentUrl: 'https://flows.contoso.com/flows?theme={theme}' },
        { contentUrl: 'https://flows.contoso.com/calls?theme={theme}', scopes: ['personal'] },
      ],
      validDomains: ['flows.contoso.com', 'bot.contoso.com'],
      webApplicationInfo: { id: botAppId, resource: `api://flows.contoso.com/botid-${botAppId}` },
    })
  })

  it.each(['1.25', '1.30'])("is good by Microsoft's schema %s", async (version) => {
    const { entries } = await packageOf()
    const manifest = JSON.parse(strFromU8(entries['manifest.json'] ?? new Uint8Array()))
    const require = createRequire(import.meta.url)
    const schema = require(`@microsoft/app-manifest/build/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`)
    const $schema = manifest.$schema.replace('v1.25', `v${version}`)
    const newer: TeamsManifest = { ...manifest, $schema, manifestVersion: version }
    expect(await AppManifestUtils.validateAgainstSchema(newer, schema)).toEqual([])
  })

  it('is the same bytes each time', async () => {
    const [first, second] = [await packageOf(), await packageOf()]
    expect(Buffer.compare(first.zip, second.zip)).toBe(0)
  })
})

describe('a value that is wrong', () => {
  it.each<[variable: keyof typeof values, value: string | undefined, what: string]>([
    ['TEAMS_APP_ID', 'my-app', 'TEAMS_APP_ID is not a GUID'],
    ['BOT_APP_ID', '00000000', 'BOT_APP_ID is not a GUID'],
    ['BOT_APP_ID', undefined, 'BOT_APP_ID is not set'],
    ['PUBLIC_URL', 'http://bot.contoso.com', 'PUBLIC_URL is not an https address'],
    ['TAB_URL', 'http://localhost:3000', 'TAB_URL is not an https address'],
    ['TAB_URL', 'https://contoso.com/flows', 'TAB_URL is more than an address: it has a path'],
    ['APP_NAME', 'A name that is longer than Teams has room for', 'APP_NAME is longer than 30 characters'],
    ['TAB_URL', 'flows', 'TAB_URL is not an https address'],
    ['APP_NAME', ' ', 'APP_NAME is empty'],
    ['APP_VERSION', 'v1', 'APP_VERSION is not three numbers'],
    ['DEVELOPER_NAME', 'C'.repeat(33), 'DEVELOPER_NAME is longer than 32 characters'],
    ['DEVELOPER_TERMS_URL', 'contoso.com/terms', 'DEVELOPER_TERMS_URL is not an https address'],
  ])('is named, with what to do: %s = %s', async (variable, value, what) => {
    const problems = await problemsOf({ values: { [variable]: value } })
    expect(problems).toEqual([{ what, where: '.env, or the environment', fix: expect.stringMatching(/\w{3,}.*\.$/) }])
  })

  it('does not hide another', async () => {
    const problems = await problemsOf({
      values: { BOT_APP_ID: 'x', TAB_URL: undefined },
      files: { color: new Uint8Array() },
    })
    expect(problems.map(({ what }) => what)).toEqual([
      'BOT_APP_ID is not a GUID',
      'TAB_URL is not set',
      'The icon is not a PNG file',
    ])
  })
})

describe('a manifest that is wrong', () => {
  it.each<[fault: string, from: string, to: string, what: string]>([
    [
      'unknown placeholder',
      `${placeholder('BOT_APP_ID')}`,
      `${placeholder('BOT_ID')}`,
      `Nothing is known for ${placeholder('BOT_ID')}`,
    ],
    ['no JSON', '"accentColor": "#5B5FC7",', '"accentColor": #5B5FC7,', 'The manifest is not JSON'],
    ['another schema', 'teams/v1.25/', 'teams/v1.18/', 'The manifest names no schema that is known here'],
    ['a schema elsewhere', 'https://developer.microsoft.com', 'https://contoso.com', 'names no schema that is known'],
    ['unmatched version', '"manifestVersion": "1.25"', '"manifestVersion": "1.24"', '/manifestVersion must be equal'],
    [
      'unknown scope',
      '"scopes": ["personal", "team"',
      '"scopes": ["everywhere", "team"',
      '/staticTabs/0/scopes/0 must be',
    ],
    ['bad colour', '"#5B5FC7"', '"purple"', '/accentColor must match pattern'],
    ['unknown icon', '"outline.png"', '"line.png"', 'The icon line.png is not in the package'],
    ['cannot be called', '"supportsCalling": true', '"supportsCalling": false', 'No bot of this app can be called'],
    [
      'another bot',
      `"botId": "${placeholder('BOT_APP_ID')}"`,
      `"botId": "${placeholder('TEAMS_APP_ID')}"`,
      'The bot is another one than BOT_APP_ID',
    ],
    [
      'another domain',
      `https://${placeholder('TAB_DOMAIN')}/calls`,
      'https://example.org/calls',
      'example.org is not among validDomains',
    ],
    ['unknown property', '"defaultInstallScope"', '"installScope"', 'must NOT have additional properties'],
  ])('is refused, with the line where: %s', async (_, from, to, what) => {
    const { manifest, line } = changed(from, to)
    const [problem] = await problemsOf({ files: { manifest } })
    expect(problem?.what).toContain(what)
    expect(problem?.fix).toMatch(/\w{3,}.*\.$/)
    expect(problem?.where).toBe(`appPackage/manifest.json, line ${line}`)
  })

  it('is refused when the tab could not sign in', async () => {
    const { manifest, line } = changed(
      `"resource": "api://${placeholder('TAB_DOMAIN')}`,
      `"resource": "api://${placeholder('BOT_DOMAIN')}`,
    )
    const problems = await problemsOf({ files: { manifest } })
    expect(problems.map(({ what }) => what)).toEqual([expect.stringContaining('Signing in from the tab would fail')])
    expect(problems[0]?.where).toBe(`appPackage/manifest.json, line ${line - 2}`)
  })
})

describe('an icon that is wrong', () => {
  it.each<[fault: string, files: Partial<PackageFiles>, what: string]>([
    ['wrong size', { color: icon('color', 19, 191) }, 'The icon is 191 by 192 pixels, and not 192 by 192'],
    ['swapped', { outline: files.color }, 'The icon is 192 by 192 pixels, and not 32 by 32'],
    ['no PNG', { color: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }, 'The icon is not a PNG file'],
    ['opaque', { outline: icon('outline', 25, 2) }, 'The outline icon has no transparent background'],
    ['cut off', { outline: new Uint8Array(files.outline).slice(0, 20) }, 'The icon is not a PNG file'],
  ])('is refused: %s', async (_, given, what) => {
    expect(await problemsOf({ files: given })).toMatchObject([
      { what, where: expect.stringMatching(/^appPackage\/\w+\.png$/) },
    ])
  })
})

describe('the files of the Agents Toolkit', () => {
  const text = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8')
  const placeholdersIn = (name: string) => [...text(name).matchAll(/\$\{\{(\w+)\}\}/g)].map(([, inner]) => inner)

  it.each(['teamsapp.yml', 'appPackage/manifest.json', 'infra/aad.manifest.json'])(
    'have a line in env/.env.example for all that %s asks for',
    (name) => {
      const explained = Object.keys(parseEnv(text('env/.env.example')))
      expect(placeholdersIn(name).length).toBeGreaterThan(3)
      expect(placeholdersIn(name).filter((variable) => !explained.includes(variable ?? ''))).toEqual([])
    },
  )

  it('ask an administrator for the permissions that the blocks need and that people are found by, and no others', () => {
    const { requiredResourceAccess } = JSON.parse(text('infra/aad.manifest.json'))
    const asked: string[] = requiredResourceAccess[0].resourceAccess.map(({ id }: { id: string }) => id)
    expect(asked.sort()).toEqual(
      [...new Set([...kinds.flatMap(({ permissions }) => permissions), peoplePermission])].sort(),
    )
  })

  it('tell Teams where to bring the calls', () => {
    expect(text('teamsapp.yml')).toContain(`callingWebhook: https://${placeholder('BOT_DOMAIN')}/api/calls`)
    expect(text('infra/bot.bicep')).toMatch(/enableCalling: true\s+callingWebhook: '.*\/api\/calls'/)
  })
})

describe('the line of a value', () => {
  const text = '{\n  "a": [\n    1,\n    { "b/c": "x:y,{" }\n  ],\n  "d": {},\n  "e": true\n}\n'

  it.each([
    ['', 1],
    ['/a', 2],
    ['/a/0', 3],
    ['/a/1', 4],
    ['/a/1/b~1c', 4],
    ['/d', 6],
    ['/e', 7],
    ['/d/missing', 6],
    ['/missing', 1],
  ])('%s is %i', (pointer, line) => {
    expect(lineOf(text, pointer)).toBe(line)
  })
})
