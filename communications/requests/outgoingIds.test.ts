import { expect, it } from 'vitest'
import type { Transport } from '../road/http.ts'
import { createTokens } from '../road/tokens.ts'
import { createCalls } from './calls.ts'
import { downloadRecording } from './recordings.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const personal = {
  number: '+12345678901',
  name: 'Megan Bowen',
  user: '550fae72-d251-43ec-868c-373732c2704f',
  call: '57dab8b1-894c-409a-b240-bd8beae78896',
}
const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** Headers whose value names one request, one scenario or one client. */
const isId = (name: string) => /-id$/.test(name) || name.startsWith('x-ms-') || name.startsWith('x-microsoft-')

/** Every request that goes out when people with names and numbers are called, transferred and recorded. */
async function everythingSent(): Promise<{ headers: Record<string, string>; body: string; path: string }[]> {
  const sent: { headers: Record<string, string>; body: string; path: string }[] = []
  const transport: Transport = async (url, { headers = {}, body }) => {
    sent.push({ headers, body: String(body ?? ''), path: url })
    return { status: 200, headers: {}, text: JSON.stringify({ id: personal.call, status: 'completed' }) }
  }
  const calls = createCalls({ tokens: { forTenant: async () => 'token' }, transport })
  const call = { id: personal.call, tenantId }
  const phone = { phone: { id: personal.number, displayName: personal.name } }
  const user = { user: { id: personal.user, displayName: personal.name } }
  const callbackUri = 'https://bot.contoso.com/api/calls'
  const clientContext = crypto.randomUUID()
  const prompts = [{ uri: 'https://bot.contoso.com/prompts/a.wav', resourceId: 'a' }]
  await calls.create({ tenantId, callbackUri, targets: [phone, user] })
  await calls.answer(call, { callbackUri })
  await calls.playPrompt(call, { prompts, clientContext })
  await calls.subscribeToTone(call, { clientContext })
  await calls.transfer(call, { target: phone })
  await calls.get(call)
  await calls.keepAlive(call)
  await calls.hangUp(call)
  const stream: Transport = async (url, { headers = {} }) => {
    sent.push({ headers, body: '', path: url })
    return { status: 200, headers: {}, text: '', bytes: (async function* () {})() }
  }
  const recordingLocation = `https://recordings.example/${personal.call}`
  await downloadRecording({ recordingLocation, recordingAccessToken: 'x' }, { transport: stream })
  return sent
}

it('every id that goes out is random: a new UUID each time, which has nothing to do with people, calls or tenants', async () => {
  const sent = [...(await everythingSent()), ...(await everythingSent())]
  expect(sent.some(({ body }) => body.includes(personal.number) && body.includes(personal.name))).toBe(true)
  const seen = new Set<string>()
  for (const { headers, body, path } of sent) {
    const ids = Object.entries(headers).filter(([name]) => isId(name.toLowerCase()))
    expect(ids.length).toBeGreaterThan(0)
    for (const [name, id] of ids) {
      expect(id, name).toMatch(uuid4)
      // Made from nothing that is sent: the same request, sent again, has another.
      expect(seen.has(id), name).toBe(false)
      seen.add(id)
      expect(body + path).not.toContain(id)
    }
    const values = Object.values(headers).join('\n')
    for (const secret of [...Object.values(personal), tenantId]) {
      expect(values.toLowerCase()).not.toContain(secret.toLowerCase())
      expect(values).not.toContain(secret.replaceAll('-', ''))
    }
  }
  expect(seen.size).toBeGreaterThanOrEqual(sent.length)
})

it('so are the ids with which tokens are asked for', async () => {
  const ids: string[] = []
  const transport: Transport = async (url, { body }) => {
    const { origin } = new URL(url)
    if (!url.includes('openid-configuration')) {
      const form = new URLSearchParams(String(body))
      ids.push(form.get('client-request-id') ?? new URL(url).searchParams.get('client-request-id') ?? '')
      const answer = { token_type: 'Bearer', expires_in: 3599, access_token: 'token' }
      return { status: 200, headers: {}, text: JSON.stringify(answer) }
    }
    const base = `${origin}/${tenantId}`
    const found = {
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/keys`,
    }
    return { status: 200, headers: {}, text: JSON.stringify(found) }
  }
  const tokens = createTokens({ appId: personal.user, credential: { secret: 's' }, transport })
  await tokens.forTenant(tenantId)
  await tokens.forTenant(tenantId, 'https://api.botframework.com/.default')
  expect(ids).toHaveLength(2)
  // msal makes these; which version of UUID is its own affair.
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(new Set([...ids, tenantId, personal.user]).size).toBe(4)
})
