import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { GET } from '#app/api/people/route.ts'
import { peopleNamed } from '#app/server/people.ts'
import type { Services } from '#app/server/services.ts'
import { allCallPermissions } from '#emulator/settings.ts'
import { peoplePermission } from '#ground/people.ts'
import { openChanges } from '#store/changes.ts'
import { openTelephone } from './telephone.ts'

/** People by name as a whole: the route, a PostgreSQL that carries the question, the bot with its secret, and Graph. */

const process = globalThis as typeof globalThis & { services?: Services }
const lena = { id: '8f3c2d10-4b5e-4c6d-9a7b-1e2f3a4b5c6d', displayName: 'Lena Hofer', mail: 'lena@contoso.example' }

/** A product whose bot has these permissions, and the route of its pages. */
async function openProduct(permissions: string[], users: object[]) {
  const identity = { appId: randomUUID(), tenantId: randomUUID(), secret: randomUUID() }
  const app = { ...identity, webhook: 'https://bot.localhost/api/calls', permissions }
  const telephone = await openTelephone(
    inject('postgresUrl'),
    { apps: [app], users },
    { BOT_APP_ID: identity.appId, BOT_APP_SECRET: identity.secret, BOT_TENANT_ID: identity.tenantId },
  )
  const changes = openChanges(telephone.databaseUrl, () => {})
  await new Promise<void>((heard) => {
    const stop = changes.on('people', () => {
      stop()
      heard()
    })
  })
  const { tenantId } = identity
  return {
    telephone,
    changes,
    tenantId,
    async search(text: string) {
      // No more than this route asks for.
      process.services = {
        settings: { tenantId, local: { emulatorUrl: 'http://127.0.0.1:1' } },
        store: telephone.store,
        changes,
      } as unknown as Services
      const address = `http://localhost:3000/api/people?${new URLSearchParams({ search: text })}`
      const request = new Request(address, { headers: { host: 'localhost:3000' } })
      const answer = await GET(request, { params: Promise.resolve({}) })
      return { status: answer.status, body: await answer.json() }
    },
    async close() {
      await changes.close()
      await telephone.close()
    },
  }
}

type Product = Awaited<ReturnType<typeof openProduct>>
let product: Product
beforeAll(async () => {
  product = await openProduct([...allCallPermissions, peoplePermission], [lena])
})
afterAll(() => product.close())

describe('with the permission', () => {
  const refuse = (fault: object) => product.telephone.control('POST', '/faults', { operation: 'user-list', ...fault })
  beforeEach(() => product.telephone.control('DELETE', '/faults'))

  it('finds by name and by address', async () => {
    const people = [{ id: lena.id, name: 'Lena Hofer', address: lena.mail }]
    expect(await product.search('hof')).toEqual({ status: 200, body: { people } })
    expect(await product.search(' LENA@con ')).toEqual({ status: 200, body: { people } })
    expect(await product.search('ofer')).toEqual({ status: 200, body: { people: [] } })
  })

  it('takes what is typed for a text, whatever stands in it', async () => {
    for (const text of ['x" OR "displayName:lena', 'ofer\\', '"', '&$top=1', 'ä🙂'])
      expect(await product.search(text), text).toEqual({ status: 200, body: { people: [] } })
    const asked = await product.telephone.requests()
    expect(asked.filter(({ operation }) => operation === 'user-list').map(({ status }) => status)).not.toContain(400)
  })

  it('finds eight, whose names and addresses fit into a notice', async () => {
    const name = (n: number) => `Zoë ${'字'.repeat(150)}\u0007${n}`
    for (let n = 0; n < 10; n++) {
      await product.telephone.control('POST', '/users', { displayName: name(n), mail: `${name(n)}@contoso.example` })
    }
    const { status, body } = await product.search('zoë')
    expect(status).toBe(200)
    expect(body.people).toHaveLength(8)
    expect(body.people[0].name).toBe(`Zoë ${'字'.repeat(96)}`)
  })

  it.each(['', ' ', 'x'.repeat(101), 'bell \u0007 lena'])('does not look for “%s”', async (text) => {
    const { status, body } = await product.search(text)
    expect([status, body.error.code]).toEqual([400, 'badRequest'])
  })

  it('says that people cannot be found while Graph does not serve', async () => {
    await refuse({ status: 503, times: 100 })
    const { status, body } = await product.search('lena')
    expect([status, body.error.code]).toEqual([503, 'peopleAway'])
  })

  it('goes on after a try that failed', async () => {
    await refuse({ status: 503, times: 1 })
    expect((await product.search('lena')).body.people).toHaveLength(1)
  })

  it('is away where no bot of the tenant answers', async () => {
    const { telephone, changes } = product
    const asked = peopleNamed({ store: telephone.store, changes }, randomUUID(), 'lena', 1_000)
    await expect(asked).rejects.toMatchObject({ code: 'peopleAway' })
  })

  it('keeps nothing of it', async () => {
    await product.search('lena')
    const tables = await product.telephone.sql<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    )
    for (const { name } of tables) {
      const rows = await product.telephone.sql(`select 1 from "${name}" t where t::text ilike '%lena%'`)
      expect(rows, name).toEqual([])
    }
  })
})

it('without the permission says what an administrator must grant', async () => {
  const without = await openProduct(allCallPermissions, [lena])
  const { status, body } = await without.search('lena')
  expect([status, body.error.code]).toEqual([403, 'peopleNotGranted'])
  expect(body.error.next).toContain('User.ReadBasic.All')
  await without.close()
})
