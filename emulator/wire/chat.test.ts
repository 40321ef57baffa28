import { afterAll, afterEach, expect, it } from 'vitest'
import { appId, startLine, tenantId } from '../testing/testLine.ts'

const line = await startLine()
afterEach(() => line.reset())
afterAll(() => line.close())

async function botToken(): Promise<string> {
  const response = await line.askToken({ scope: 'https://api.botframework.com/.default' })
  return ((await response.json()) as { access_token: string }).access_token
}

it('brings a message to the bot, signed for its channel, and the replies back', async () => {
  const authorization = `Bearer ${await botToken()}`
  line.bot.onMessage = async ({ serviceUrl, conversation, id }) => {
    const to = (conversation as { id: string }).id
    const path = `${serviceUrl}/v3/conversations/${encodeURIComponent(to)}/activities/${id}`
    const body = JSON.stringify({ type: 'message', text: 'Hello yourself' })
    await fetch(path, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body })
  }
  const { body, status } = await line.request('POST', '/emulator/messages', {
    text: 'Hello',
    from: { user: { id: 'u', displayName: 'Ann' } },
  })
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { status: 200, replies: [{ type: 'message', text: 'Hello yourself' }] },
  })
  const heard = line.bot.heard[0]
  expect(heard?.body).toMatchObject({
    type: 'message',
    text: 'Hello',
    channelId: 'msteams',
    serviceUrl: line.emulatorOrigin,
    conversation: { tenantId },
  })
  expect(heard?.claims).toMatchObject({
    iss: 'https://api.botframework.com',
    aud: appId,
    serviceurl: line.emulatorOrigin,
  })
  const { keys } = (await line.request<{ keys: { kid: string; endorsements: string[] }[] }>('GET', '/messages/v1/keys'))
    .body
  expect(keys.find(({ kid }) => kid === heard?.header.kid)?.endorsements).toEqual(['msteams'])
})

it('waits no longer than asked for a bot that says nothing', async () => {
  const { body } = await line.request('POST', '/emulator/messages', { text: 'Hello', timeoutMs: 20 })
  expect(body).toMatchObject({ status: 200, replies: [] })
})

it('waits in real time where the emulator’s stands still', async () => {
  const still = await startLine({ time: 'virtual' })
  expect((await still.request('POST', '/emulator/messages', { text: 'Hello', timeoutMs: 20 })).status).toBe(200)
  await still.close()
})

it('takes replies only with a token for the Bot Framework', async () => {
  const path = '/v3/conversations/c/activities'
  expect((await line.request('POST', path, { type: 'message' })).status).toBe(401)
  const authorization = `Bearer ${await botToken()}`
  expect((await line.request('POST', path, { type: 'message' }, { authorization })).status).toBe(200)
})

it('publishes where both sets of keys are', async () => {
  for (const [path, keys] of [
    ['/v1/.well-known/OpenIdConfiguration', '/v1/keys'],
    ['/messages/v1/.well-known/openidconfiguration', '/messages/v1/keys'],
    ['/v1/.well-known/openidconfiguration', '/v1/.well-known/keys'],
  ]) {
    const { body } = await line.request('GET', path ?? '')
    expect(body).toMatchObject({ issuer: 'https://api.botframework.com', jwks_uri: `${line.emulatorOrigin}${keys}` })
  }
})

it('serves the paths of login.botframework.com, with the keys of chat and not those of calls', async () => {
  const keysAt = async (path: string) => (await line.request('GET', path)).body
  expect(await keysAt('/v1/.well-known/keys')).toEqual(await keysAt('/messages/v1/keys'))
  expect(await keysAt('/v1/.well-known/keys')).not.toEqual(await keysAt('/v1/keys'))
  // As the page prints it: learn.microsoft.com, bot-framework-rest-connector-authentication, step 2.
  expect((await line.request('GET', '/v1/.well-known/openidconfiguration')).body).toMatchObject({
    authorization_endpoint: 'https://invalid.botframework.com',
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
  })
})
