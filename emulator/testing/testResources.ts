import { strToU8, type Zippable, zipSync } from 'fflate'
import { operations } from '../graph/operations.ts'
import type { SettingsInput } from '../settings.ts'
import type { Meeting } from '../world/meetings.ts'
import { appId, type Reply, secret, startLine, tenantId, tokenIn } from './testLine.ts'

export const ann = {
  id: 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3',
  displayName: 'Ann',
  userPrincipalName: 'ann@contoso.com',
}
export const bob = { id: '66825e03-7ef5-42da-9069-724602c31f6b', displayName: 'Bob' }

/** What each operation needs that is on no call: those that a signed-in user can ask for too. */
export const neededFor = Object.fromEntries(
  operations.flatMap(({ operation, needs }) => (needs && needs.delegated.length > 0 ? [[operation, needs]] : [])),
)
export const allApplicationPermissions = [
  ...new Set(Object.values(neededFor).flatMap(({ application }) => application)),
]
export const allScopes = [...new Set(Object.values(neededFor).flatMap(({ delegated }) => delegated))]

type Asked = { token: string; body?: unknown; headers?: Record<string, string> }

/** A line on which Ann and Bob have accounts, for tests of what Graph keeps beside calls. */
export async function startResources(
  settings: Partial<SettingsInput> = {},
  app: Partial<SettingsInput['apps'][number]> = {},
) {
  const line = await startLine(settings, { permissions: allApplicationPermissions, ...app })
  const id = app.appId ?? appId

  const control = async <T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> => {
    const reply = await line.request<T>(method, `/emulator${path}`, body)
    if (reply.status >= 300) throw new Error(`the emulator refused: ${JSON.stringify(reply.body)}`)
    return reply.body
  }
  const addUsers = async () => {
    for (const user of [ann, bob]) await control('POST', '/users', user)
  }
  await addUsers()

  return {
    line,
    control,
    appToken: (tenant = tenantId): Promise<string> =>
      line.askToken({ client_id: id, client_secret: app.secret ?? secret }, tenant).then(tokenIn),
    userToken: async (userId: string, scopes: readonly string[] = allScopes): Promise<string> =>
      (await control<{ access_token: string }>('POST', '/tokens', { userId, scopes })).access_token,
    graph: <T = Record<string, unknown>>(method: string, path: string, { token, body, headers }: Asked) =>
      line.request<T>(method, `/v1.0${path}`, body, { authorization: `Bearer ${token}`, ...headers }),
    /** Sends bytes, and gives bytes back. */
    async bytes(method: string, path: string, token: string, body?: Uint8Array) {
      const response = await fetch(`${line.emulatorOrigin}/v1.0${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/zip' } : {}) },
        ...(body ? { body: Buffer.from(body) } : {}),
      })
      const content = Buffer.from(await response.arrayBuffer())
      return { status: response.status, headers: response.headers, content }
    },
    calendarMeeting: (more: Record<string, unknown> = {}) =>
      control<Meeting>('POST', '/meetings', { organizer: { id: ann.id, displayName: 'Ann' }, ...more }),
    /** As new, for the next test. */
    async reset() {
      await line.reset()
      await addUsers()
    },
    close: () => line.close(),
  }
}
export type ResourceLine = Awaited<ReturnType<typeof startResources>>

export const codeOf = ({ status, body }: Reply<unknown>): string =>
  `${status}/${(body as { error?: { code?: string } } | null)?.error?.code ?? ''}` // an error, or another answer

const manifest = {
  manifestVersion: '1.25',
  id: 'f31b1263-ba99-435a-a679-911d24850d7c',
  version: '1.0.1',
  name: { short: 'Test App', full: 'Test App in full' },
  description: { short: 'An app.', full: 'An app to be published.' },
}

/** A Teams app package with this in its manifest. */
export const appPackage = (more: Record<string, unknown> = {}, files: Zippable = {}): Uint8Array =>
  zipSync({ 'manifest.json': strToU8(JSON.stringify({ ...manifest, ...more })), ...files })
