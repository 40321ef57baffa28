import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import type { LiveCall } from '#communications/calling/call.ts'
import { createCalling } from '#communications/calling/calling.ts'
import { OperationError } from '#communications/calling/operations.ts'
import { parseNotifications } from '#communications/inbound/notifications.ts'
import { createProof, ProofError } from '#communications/inbound/proof.ts'
import { createClient } from '#communications/requests/client.ts'
import { createTokens } from '#communications/road/tokens.ts'

type Settings = {
  app: { appId: string; secret: string }
  /** https, as Teams reaches the bot, which itself listens on `port`. */
  publicUrl: string
  port: number
  /** WAV files (PCM, mono, 16 bit, 16 kHz) by name: menu, hours, goodbye, nobody. */
  audio: ReadonlyMap<string, Uint8Array>
  operatorId: string
  onError: (error: unknown) => void
  emulator?: { loginUrl: string; graphUrl: string; openIdUrl: string }
}

/** A whole bot: a menu, a key while it is said, the operator or the hours, goodbye. Whatever fails, nobody is left in silence. */
export async function startSimpleIvr({ app, publicUrl, port, audio, operatorId, onError, emulator }: Settings) {
  const tokens = createTokens({ appId: app.appId, credential: { secret: app.secret }, ...emulator })
  const client = createClient({ tokens, ...emulator })
  const proof = createProof({ appId: app.appId, ...emulator })
  const calling = createCalling({ client, callbackUri: `${publicUrl}/api/calls`, onError })

  const say = (call: LiveCall, name: string) =>
    call.playPrompt({ prompts: [{ uri: `${publicUrl}/audio/${name}`, resourceId: name }] }).catch(unless('cancelled'))

  /** The next key, which cuts off what is said; null when there is none in 15 s, the menu included. */
  async function pressed(call: LiveCall) {
    const key = await call.until('tone', 15_000).catch(unless('timeout'))
    if (key) await call.cancelMediaProcessing()
    return key
  }

  async function serve(call: LiveCall) {
    await call.answer()
    await call.until('mediaActive')
    await call.subscribeToTone()
    for (let times = 1; times <= 3; times += 1) {
      const [key] = await Promise.all([pressed(call), say(call, 'menu')])
      if (key?.tone === 'tone1') {
        const connected = await call.transfer({ target: { user: { id: operatorId } } }).catch(unless('transferFailed'))
        if (connected !== null) return
        await say(call, 'nobody')
      }
      if (key?.tone === 'tone2') await say(call, 'hours')
      if (key?.tone === 'star') break
    }
    await say(call, 'goodbye')
    await call.hangUp()
  }
  calling.on('incoming', (call) => serve(call).catch((error) => call.hangUp().then(() => Promise.reject(error))))

  const server = createServer(async (request, response) => {
    const file = audio.get(request.url?.replace('/audio/', '') ?? '')
    if (request.method === 'GET') return response.writeHead(file ? 200 : 404, { 'content-type': 'audio/wav' }).end(file)
    try {
      const { tenantId } = await proof.verify(request.headersDistinct.authorization)
      const parsed = parseNotifications(await json(request))
      response.writeHead(parsed.kind === 'legacy' ? 204 : 202).end()
      if (parsed.kind === 'graph') calling.hear(parsed.notifications, { tenantId })
    } catch (error) {
      response.writeHead(error instanceof ProofError ? 403 : 400).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(port, resolve))
  return { calling, server, client, tokens }
}

/** Null for an error that is no surprise. */
const unless = (code: string) => (error: unknown) => {
  if (error instanceof OperationError && error.code === code) return null
  throw error
}
