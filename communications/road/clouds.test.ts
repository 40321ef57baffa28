import { afterEach, expect, it } from 'vitest'
import { parseJoinUrl } from '../requests/joinUrl.ts'
import { cloud, type GovernmentCloud } from './clouds.ts'
import { createGraph } from './graph.ts'
import type { Transport } from './http.ts'
import { createTokens } from './tokens.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const appId = '8a34a46b-3d17-4adc-8dce-dc4e7d572698'
const own = {
  openIdUrl: 'https://keys.gov.example/openid',
  issuers: ['https://issuer.gov.example/'],
  hosts: ['teams.gov.example'],
}

/** Every service of every cloud; it notes who was asked, for what. */
function everywhere() {
  const asked: { host: string; scope: string | null }[] = []
  const transport: Transport = async (url, { body }) => {
    const { origin, host, pathname } = new URL(url)
    const form = new URLSearchParams(typeof body === 'string' ? body : '')
    asked.push({ host, scope: form.get('scope') })
    const base = `${origin}/${tenantId}`
    const answer = pathname.includes('openid-configuration')
      ? {
          issuer: `${base}/v2.0`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          jwks_uri: `${base}/keys`,
        }
      : { token_type: 'Bearer', expires_in: 3599, access_token: `token-of-${host}` }
    return { status: 200, headers: {}, text: JSON.stringify(answer) }
  }
  return { asked, transport }
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

it.each([
  ['usGovernment', 'login.microsoftonline.us', 'graph.microsoft.us'],
  ['usGovernmentDod', 'login.microsoftonline.us', 'dod-graph.microsoft.us'],
  ['public', 'login.microsoftonline.com', 'graph.microsoft.com'],
] as const)('in %s tokens come from %s, requests go to %s, and nothing else is asked', async (name, login, graph) => {
  const { authority, scope, graphUrl } = name === 'public' ? cloud(name) : cloud(name, own)
  const { asked, transport } = everywhere()
  const tokens = createTokens({ appId, credential: { secret: 's' }, authority, scope, transport })
  const road = createGraph({ tokens, graphUrl, transport })
  open.push(tokens, road)
  await road.send({ operation: 'get', method: 'GET', path: '/communications/calls/1', tenantId, repeatable: true })
  expect(new Set(asked.map(({ host }) => host))).toEqual(new Set([login, graph]))
  expect(asked.find((one) => one.scope)?.scope).toContain(`https://${graph}/.default`)
})

it('what is not published of a government cloud must be passed', () => {
  const careless = cloud as (name: GovernmentCloud, own?: object) => unknown // as a caller without types
  expect(() => careless('usGovernment')).toThrow(TypeError)
  expect(() => careless('usGovernmentDod', { ...own, issuers: [] })).toThrow(/not published/)
  expect(cloud('usGovernment', own)).toMatchObject(own)
})

it('meeting links of its hosts are read', () => {
  const { hosts } = cloud('usGovernment', own)
  const link = 'https://teams.gov.example/meet/1234567890123'
  expect(parseJoinUrl(link, { hosts }).meetingInfo).toMatchObject({ joinMeetingId: '1234567890123' })
  expect(() => parseJoinUrl(link, { hosts: cloud('public').hosts })).toThrow(/does not lead to Teams/)
})
