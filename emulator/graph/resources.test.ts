import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contractIsThere, contractValidator, readContract } from '../testing/testContract.ts'
import { ann, appPackage, codeOf, neededFor, type ResourceLine, startResources } from '../testing/testResources.ts'
import type { Meeting } from '../world/meetings.ts'
import { onlineMeetingBody } from './onlineMeetingBodies.ts'

/** What Graph keeps beside calls, held against the contract: operations.json, negative-requests.json and the schemas. */

type Example = {
  example: string
  request: { method: string; url: string; headers: Record<string, string>; body: unknown; rawBody?: string }
  response?: { status: number }
}
type Operation = {
  name: string
  method: string
  path: string
  permissions: string[]
  permissionsDelegated: string[]
  successStatus: number
  otherSuccessStatus?: number[]
  responseSchema: string | null
  examples?: Example[]
}
type Negative = { name: string; operation: string; why: string; body: unknown }

const operations: Operation[] = contractIsThere
  ? readContract('operations.json').filter(({ category }: { category: string }) =>
      ['meeting', 'presence', 'app-catalog'].includes(category),
    )
  : []
const negatives: Negative[] = contractIsThere
  ? readContract('negative-requests.json').filter(({ operation }: Negative) => operation in neededFor)
  : []

/** The application of the documented setPresence. */
const appId = '22553876-f5ab-4529-bffb-cfe50aa89f87'
const opened: ResourceLine[] = []
const open: typeof startResources = async (...settings) => {
  const line = await startResources(...settings)
  opened.push(line)
  return line
}
afterAll(() => Promise.all(opened.map((line) => line.close())))

/** Bodies of operations that have no example with one. */
const usualBodies: Record<string, unknown> = {
  'onlinemeeting-update': { subject: 'x' },
  'presence-clearpresence': { sessionId: appId },
  'presence-clearuserpreferredpresence': {},
  'presence-setstatusmessage': { statusMessage: { message: { content: 'Away', contentType: 'text' } } },
}

const requestsOf = ({ name, method, path, examples = [] }: Operation): Example[] => {
  // Its own page calls this one a live event's; it is no operation of the contract.
  const known = examples.filter(({ request }) => !request.url.endsWith('/attendeeReport'))
  if (known.length > 0) return known
  const url = `https://graph.microsoft.com/v1.0${path.replace('{userId}', ann.id)}`
  return [{ example: 'without an example', request: { method, url, headers: {}, body: usualBodies[name] ?? null } }]
}

describe.skipIf(!contractIsThere)('against the contract', () => {
  let line: ResourceLine
  beforeAll(async () => {
    line = await open({}, { appId })
  })

  it('knows every operation with its permissions', () => {
    const documented = operations.map(({ name, permissions, permissionsDelegated }) => [
      name,
      { application: permissions, delegated: permissionsDelegated },
    ])
    // The record is of cloud communications, and people are of the directory (users.test.ts).
    const { 'user-list': _, ...communications } = neededFor
    expect(Object.fromEntries(documented)).toEqual(communications)
  })

  /** Makes what the example's address names, and puts its ids into that address. */
  async function reachable(path: string): Promise<string> {
    const userId = /\/users\/([^/]+)/.exec(path)?.[1] ?? ann.id
    await line.control('POST', '/users', { ...ann, id: userId })
    const meeting = await line.control<Meeting>('POST', '/meetings', { organizer: { id: userId } })
    const made = async (what: string, body: unknown) =>
      (await line.control<{ id: string }>('POST', `/meetings/${meeting.id}/${what}`, body)).id
    const now = new Date().toISOString()
    const ids = {
      transcripts: await made('transcripts', { content: 'WEBVTT\n' }),
      recordings: await made('recordings', { contentBase64: 'AAAA' }),
      attendanceReports: await made('attendanceReports', {
        meetingStartDateTime: now,
        meetingEndDateTime: now,
        attendanceRecords: [
          { identity: { id: ann.id }, attendanceIntervals: [{ joinDateTime: now, leaveDateTime: now }] },
        ],
      }),
    }
    let there = path
      .replace(/onlineMeetings\/(?!createOrGet)[^/?]+/, `onlineMeetings/${meeting.id}`)
      .replace(
        /(transcripts|recordings|attendanceReports)\/[^/?]+/,
        (_, kind: keyof typeof ids) => `${kind}/${ids[kind]}`,
      )
    if (/teamsApps\/[^?]/.test(path)) {
      const { id, definitionId } = await submittedApp()
      there = there
        .replace(/teamsApps\/[^/?]+/, `teamsApps/${id}`)
        .replace(/(appDefinitions)\/.+/, `$1/${definitionId}`)
    }
    return there
  }

  async function submittedApp() {
    const token = await line.userToken(ann.id)
    const { content } = await line.bytes(
      'POST',
      '/appCatalogs/teamsApps?requiresReview=true',
      token,
      appPackage({ id: crypto.randomUUID() }),
    )
    const { id, externalId } = JSON.parse(content.toString())
    const [app] = (await line.control<{ id: string; definitions: { id: string }[] }[]>('GET', '/catalog')).filter(
      (one) => one.id === id,
    )
    lastExternalId = externalId
    return { id, definitionId: app?.definitions[0]?.id ?? '' }
  }
  let lastExternalId = ''

  const cases = operations.flatMap((operation) => requestsOf(operation).map((example) => ({ operation, ...example })))

  it.each(cases)('answers $operation.name as documented: $example', async ({ operation, request, response }) => {
    const path = await reachable(request.url.replace(/^https:\/\/graph\.microsoft\.com\/(v1\.0|beta)/, ''))
    const isDelegated = path.startsWith('/me') || operation.permissions.length === 0
    const token = isDelegated ? await line.userToken(ann.id) : await line.appToken()
    const zip = appPackage({
      id: path.includes('appDefinitions') ? lastExternalId : crypto.randomUUID(),
      version: '9.0.0',
    })

    const { status, content } = request.rawBody
      ? await line.bytes(request.method, path, token, zip)
      : await exchange(request.method, path, token, request.body)
    const allowed = [response?.status ?? operation.successStatus, ...(operation.otherSuccessStatus ?? [])]
    expect(allowed, content.toString()).toContain(status)
    if (!operation.responseSchema || status === 204) return
    const validate = contractValidator(operation.responseSchema.replace('schemas/', ''))
    expect(validate(JSON.parse(content.toString())), JSON.stringify(validate.errors)).toBe(true)
  })

  async function exchange(method: string, path: string, token: string, body: unknown) {
    if (body === null) return line.bytes(method, path, token)
    const reply = await line.graph(method, path, { token, body })
    return { status: reply.status, content: Buffer.from(JSON.stringify(reply.body)) }
  }

  it.each(negatives)('refuses $name', async ({ operation, body }) => {
    const { method = '', path = '' } = operations.find(({ name }) => name === operation) ?? {}
    const before = await line.control('GET', '/meetings')
    const reply = await line.graph(method, path.replace('{userId}', ann.id), { token: await line.appToken(), body })
    expect(codeOf(reply)).toBe('400/BadRequest')
    expect(await line.control('GET', '/meetings')).toEqual(before)
  })

  it('takes every member of onlineMeeting that the metadata declares', () => {
    const members = Object.keys(
      readContract('schemas/types.v1.strict.json').$defs['microsoft.graph.onlineMeeting'].properties,
    )
    const validate = contractValidator('requests.v1.json#/$defs/onlinemeeting-create')
    const refused = members
      .map((name) => ({ [name]: null }))
      .filter((body) => validate(body) && !onlineMeetingBody.safeParse(body).success)
    expect(refused).toEqual([])
    expect(members.length).toBeGreaterThan(40)
  })

  describe('without consent', () => {
    let poor: ResourceLine
    beforeAll(async () => {
      poor = await open({}, { permissions: ['Calls.Initiate.All'] })
    })

    it.each(operations)('refuses $name to an app by itself and to one with a user', async (operation) => {
      const path = operation.path.replace('{userId}', ann.id).replaceAll(/\{\w+\}/g, 'x')
      const ask = (there: string, token: string) =>
        poor.graph(operation.method, there, { token, ...(operation.method === 'GET' ? {} : { body: {} }) })
      expect(codeOf(await ask(path, await poor.appToken()))).toBe('403/7504')
      const mine = path.replace(`/users/${ann.id}`, '/me')
      expect(codeOf(await ask(mine, await poor.userToken(ann.id, ['User.Read'])))).toBe('403/7504')
    })

    it.each(operations)('refuses $name without a token, or with one that was made up', async ({ method, path }) => {
      const there = path.replace('{userId}', ann.id).replaceAll(/\{\w+\}/g, 'x')
      expect(codeOf(await poor.graph(method, there, { token: '' }))).toBe('401/7501')
      expect(codeOf(await poor.graph(method, there, { token: 'e30.e30.e30' }))).toBe('401/7501')
    })

    it.each(operations.filter(({ path }) => path.includes('{userId}')))(
      'answers 404 to $name of somebody who is not there',
      async ({ method, path }) => {
        const there = path.replace('{userId}', 'nobody').replaceAll(/\{\w+\}/g, 'x')
        const body = method === 'GET' ? {} : { body: {} }
        expect(codeOf(await line.graph(method, there, { token: await line.appToken(), ...body }))).toBe('404/NotFound')
      },
    )
  })
})
