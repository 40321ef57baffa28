import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'

/** A tiny bot for this room's tests: proves that Microsoft's stand-in signed, keeps what it heard, answers 202, serves prompts. */
export type TestBot = Awaited<ReturnType<typeof startTestBot>>

type Heard = { path: string; body: unknown; claims: JWTPayload; header: Record<string, unknown> }

const accept = (_body: unknown): Promise<number> | number => 202
const ignore = async (_activity: Record<string, unknown>): Promise<void> => {}

/** Starts the bot on a free port. `emulator` is asked for keys when the first token arrives. */
export async function startTestBot(emulator: () => string) {
  const proofs = new Map<string, ReturnType<typeof createRemoteJWKSet>>()
  const proofAt = (path: string) => {
    const proof = proofs.get(path) ?? createRemoteJWKSet(new URL(path, emulator()), { cooldownDuration: 0 })
    proofs.set(path, proof)
    return proof
  }

  const server: Server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    const file = bot.files.get(path)
    if (request.method === 'GET') {
      bot.fetched.set(path, (bot.fetched.get(path) ?? 0) + 1)
      if (!file) return response.writeHead(404).end()
      const header = file.text === undefined ? {} : { 'x-prompt-text': encodeURIComponent(file.text) }
      return response.writeHead(200, { 'content-type': 'audio/wav', ...header }).end(file.bytes)
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = JSON.parse(Buffer.concat(chunks).toString())
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    try {
      const isMessage = path === '/api/messages'
      const { payload, protectedHeader } = await jwtVerify(
        token,
        proofAt(isMessage ? '/messages/v1/keys' : '/v1/keys'),
        {
          issuer: ['https://api.botframework.com', 'https://graph.microsoft.com'],
          requiredClaims: ['exp', 'nbf', 'aud'],
        },
      )
      bot.heard.push({ path, body, claims: payload, header: { ...protectedHeader } })
      if (isMessage) await bot.onMessage(body)
      return response.writeHead(isMessage ? 200 : await bot.onNotification(body)).end()
    } catch {
      return response.writeHead(403).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const bot = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server has an AddressInfo
    /** Bodies of notifications and chat activities, with the claims of their tokens. */
    heard: [] as Heard[],
    /** Files that the bot serves, by path. */
    files: new Map<string, { bytes: Uint8Array; text?: string }>(),
    /** How often each file was asked for. */
    fetched: new Map<string, number>(),
    /** May be changed: how the bot answers a notification. */
    onNotification: accept,
    onMessage: ignore,
    /** Forgets what it heard, its files and how it was to answer. */
    reset(): void {
      bot.heard.length = 0
      bot.files.clear()
      bot.fetched.clear()
      bot.onNotification = accept
      bot.onMessage = ignore
    },
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return bot
}

/** A WAV of silence, right for Graph unless told otherwise. */
export function wav({ ms = 200, rate = 16_000, channels = 1, bits = 16, encoding = 1 } = {}): Uint8Array {
  const bytesPerMs = (rate * channels * bits) / 8 / 1000
  const data = Buffer.alloc(Math.round(ms * bytesPerMs))
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(encoding, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(bytesPerMs * 1000, 28)
  head.writeUInt16LE((channels * bits) / 8, 32)
  head.writeUInt16LE(bits, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}
