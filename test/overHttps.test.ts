import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildEmulator } from '#emulator/emulator.ts'
import { allCallPermissions } from '#emulator/settings.ts'
import { startTestBot, type TestBot } from '#emulator/testing/testBot.ts'
import { appId, john, publicUrl, secret, tenantId } from '#emulator/testing/testLine.ts'
import { makeCertificate, openCertificate } from '#emulator/wire/certificate.ts'

/** Microsoft's clients speak https only. Each drives the emulator so, with what it asks by default and nothing led around it. */

const folder = mkdtempSync(join(tmpdir(), 'https-'))
const inFolder = (name: string) => join(folder, name)
const chatUrl = 'https://chat.localhost'

let bot: TestBot
let chatPort: number
beforeAll(async () => {
  bot = await startTestBot(() => 'http://127.0.0.1:9') // what it is told of calls is proven elsewhere
  chatPort = await freePort()
})
afterAll(async () => {
  await bot.close()
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** An emulator that speaks https with this certificate. */
async function open(certificate: ReturnType<typeof openCertificate>) {
  const app = { appId, secret, tenantId, webhook: `${chatUrl}/api/calls`, permissions: allCallPermissions }
  const addresses = { [publicUrl]: bot.origin, [chatUrl]: `http://127.0.0.1:${chatPort}` }
  const { server } = buildEmulator({ apps: [app], addresses }, undefined, { https: certificate })
  const address = new URL(await server.listen({ host: 'localhost', port: 0 }))
  expect(address.protocol).toBe('https:')
  return { server, origin: `https://localhost:${address.port}` }
}

const run = promisify(execFile)
const program = fileURLToPath(new URL('./overHttps/clients.ts', import.meta.url))

/** What these clients made of it, by name, and whom they asked. */
async function drive(clients: string[], origin: string, certificatePath: string): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program, ...clients], {
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: certificatePath,
      EMULATOR: origin,
      APP_ID: appId,
      APP_SECRET: secret,
      TENANT_ID: tenantId,
      CALLBACK: `${publicUrl}/api/calls`,
      USER_ID: john.user.id,
      CHAT_PORT: String(chatPort),
    },
    timeout: 55_000,
  })
  return JSON.parse(stdout)
}

/** Asks over https who is there, trusting no more than `ca`. */
const healthOf = (origin: string, ca: string) =>
  new Promise((resolve, reject) => {
    get(`${origin}/api/health`, { ca }, (response) => resolve(json(response))).on('error', reject)
  })

describe('with the emulator’s own certificate', () => {
  const certificate = openCertificate({ folder })
  let emulator: Awaited<ReturnType<typeof open>>
  let outcomes: Record<string, unknown>
  beforeAll(async () => {
    emulator = await open(certificate)
    outcomes = await drive(['msal', 'graph', 'kiota'], emulator.origin, certificate.path)
  })
  afterAll(() => emulator.server.close())

  it('MSAL gets tokens by default discovery', () => {
    expect(outcomes.msal).toEqual({ graph: true, chat: true })
  })

  it.each(['graph', 'kiota'])('%s calls a person, asks for the call and hangs up', (client) => {
    expect(outcomes[client]).toEqual({ state: 'establishing', direction: 'outgoing' })
  })

  it('none of them asks anybody else', () => {
    expect(outcomes.asked).toEqual(['localhost'])
  })

  it('nobody is served who does not trust it', async () => {
    await expect(healthOf(emulator.origin, makeCertificate(['localhost']).cert)).rejects.toThrow(/self-signed/)
  })
})

describe('under Microsoft’s names, with a certificate for these', () => {
  const files = { certificate: inFolder('given.pem'), key: inFolder('given-key.pem') }
  let emulator: Awaited<ReturnType<typeof open>>
  let outcomes: Record<string, unknown>
  beforeAll(async () => {
    const { cert, key } = makeCertificate(['localhost', 'login.botframework.com', 'login.microsoftonline.com'])
    writeFileSync(files.certificate, cert)
    writeFileSync(files.key, key)
    emulator = await open(openCertificate(files))
    outcomes = await drive(['botbuilder', 'botbuilderOfAnyTenant', 'agents'], emulator.origin, files.certificate)
  })
  afterAll(() => emulator.server.close())

  it.each([
    ['botbuilder', 'botbuilder'],
    ['botbuilderOfAnyTenant', 'botbuilder'],
    ['agents', 'agents'],
  ])('%s takes a message and answers, unchanged', (client, name) => {
    expect(outcomes[client]).toEqual({ status: 200, replies: [`${name} heard Hello`] })
  })

  it('they ask Microsoft’s hosts, which are the emulator', () => {
    expect(outcomes.asked).toEqual(
      expect.arrayContaining(['localhost', 'login.botframework.com', 'login.microsoftonline.com']),
    )
  })
})

it('npm run emulator serves https when it is told to, and says how to trust it', async () => {
  const variables = { EMULATOR_HTTPS: 'true', DATA_DIR: inFolder('data'), EMULATOR_PORT: '0' }
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('../emulator/main.ts', import.meta.url))],
    {
      env: { ...process.env, BOT_APP_ID: appId, BOT_APP_SECRET: secret, BOT_TENANT_ID: tenantId, ...variables },
    },
  )
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const origin = (await lines.next()).value?.split(' ').at(-1) ?? ''
  const path = /NODE_EXTRA_CA_CERTS=(\S+)/.exec((await lines.next()).value ?? '')?.[1] ?? ''
  expect(path.startsWith(folder)).toBe(true)
  expect(await healthOf(origin, readFileSync(path, 'utf8'))).toMatchObject({ name: 'emulator', ok: true })
  child.kill()
  await once(child, 'exit')
})
