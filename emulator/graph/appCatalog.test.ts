import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { ann, appPackage, codeOf, startResources } from '../testing/testResources.ts'
import type { Exchange } from '../wire/traffic.ts'
import { isHigherVersion } from '../world/appPackage.ts'

const line = await startResources()
afterEach(() => line.reset())
afterAll(() => line.close())

const appsPath = '/appCatalogs/teamsApps'
const bot = { bots: [{ botId: 'bb9f67a4-893b-48d7-ab17-40ed466c0f16' }] }
type Definition = { id: string; version: string; publishingState: string; '@odata.etag': string; bot?: { id: string } }
type App = { id: string; displayName: string; appDefinitions?: Definition[] }

const admin = () => line.userToken(ann.id, ['AppCatalog.ReadWrite.All'])
const submitter = () => line.userToken(ann.id, ['AppCatalog.Submit'])
const send = async (path: string, body: Uint8Array, token?: string) => {
  const { status, headers, content } = await line.bytes('POST', appsPath + path, token ?? (await admin()), body)
  return { status, headers, body: content.length > 0 ? JSON.parse(content.toString()) : null }
}
const list = async (query = '') =>
  (await line.graph<{ value: App[] }>('GET', `${appsPath}${query}`, { token: await admin() })).body.value
const definitions = async () => (await list('?$expand=appDefinitions($expand=bot)'))[0]?.appDefinitions ?? []
const statesOf = (all: Definition[]) => all.map(({ version, publishingState }) => `${version} ${publishingState}`)

describe('the app catalog', () => {
  it('takes a package, lists what its manifest says, and lets it go', async () => {
    const { status, headers, body } = await send('', appPackage(bot))
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`${line.line.emulatorOrigin}/v1.0${appsPath}/${body.id}`)
    const app = { id: body.id, externalId: 'f31b1263-ba99-435a-a679-911d24850d7c', displayName: 'Test App' }
    expect(body).toMatchObject({ ...app, distributionMethod: 'organization' })
    expect(await list()).toEqual([{ ...app, distributionMethod: 'organization' }])
    expect(await definitions()).toMatchObject([
      {
        teamsAppId: body.id,
        version: '1.0.1',
        publishingState: 'published',
        shortDescription: 'An app.',
        createdBy: { user: { id: ann.id } },
        bot: { id: bot.bots[0]?.botId },
      },
    ])
    expect(codeOf(await send('', appPackage()))).toBe('409/Conflict')
    const token = await admin()
    expect((await line.graph('DELETE', `${appsPath}/${body.id}`, { token })).status).toBe(204)
    expect(codeOf(await line.graph('DELETE', `${appsPath}/${body.id}`, { token }))).toBe('404/NotFound')
    expect(await list()).toEqual([])
  })

  it('keeps an update for review until somebody approves or rejects it', async () => {
    const { body: app } = await send('?requiresReview=true', appPackage(), await submitter())
    expect(statesOf(await definitions())).toEqual(['1.0.1 submitted'])
    const review = (publishingState: string) => line.control('POST', `/catalog/${app.id}/review`, { publishingState })
    await review('rejected')
    expect(statesOf(await definitions())).toEqual(['1.0.1 rejected'])

    const path = `/${app.id}/appDefinitions`
    const update = await send(`${path}?requiresReview=true`, appPackage({ version: '1.1.0' }), await submitter())
    expect(update).toMatchObject({ status: 201, body: { version: '1.1.0', publishingState: 'submitted' } })
    await review('published')
    expect(statesOf(await definitions())).toEqual(['1.0.1 rejected', '1.1.0 published'])
    expect(await send(path, appPackage({ version: '1.10.0' }))).toMatchObject({ status: 204, body: null })
    expect(statesOf(await definitions())).toContain('1.10.0 published')
    await expect(review('published')).rejects.toThrow('nothingToReview')
  })

  it('lets an administrator review through Graph, once, and only what they have seen', async () => {
    const { body: app } = await send('?requiresReview=true', appPackage())
    const [waiting] = await definitions()
    const path = `${appsPath}/${app.id}/appDefinitions/${waiting?.id}`
    const review = async (etag: string, token: string, publishingState = 'published') =>
      line.graph('PATCH', path, { token, body: { publishingState }, headers: { 'if-match': etag } })
    const etag = waiting?.['@odata.etag'] ?? ''
    expect(codeOf(await review(etag, await submitter()))).toBe('403/7504')
    expect(codeOf(await review('other', await admin()))).toBe('412/PreconditionFailed')
    expect(codeOf(await review(etag, await admin(), 'submitted'))).toBe('400/BadRequest')
    const reviewed = await review(etag, await admin())
    expect(reviewed).toMatchObject({ status: 200, body: { publishingState: 'published' } })
    expect(reviewed.body.id).not.toBe(waiting?.id)
    expect(codeOf(await review(etag, await admin()))).toBe('404/NotFound')
  })

  it.each([
    ['a version that is not higher', { version: '1.0.1' }, '409/Conflict'],
    ['a version that is lower', { version: '0.9' }, '409/Conflict'],
    ['the package of another app', { version: '2.0.0', id: 'another' }, '400/BadRequest'],
  ])('refuses an update with %s', async (_what, manifest, code) => {
    const { body: app } = await send('', appPackage())
    expect(codeOf(await send(`/${app.id}/appDefinitions`, appPackage(manifest)))).toBe(code)
    expect(statesOf(await definitions())).toEqual(['1.0.1 published'])
  })

  it.each([
    ['no zip', strToU8('hello')],
    ['nothing', new Uint8Array()],
    ['a zip cut short', appPackage().slice(0, 100)],
    ['no manifest.json', zipSync({ 'readme.txt': strToU8('x') })],
    ['a manifest that is not at the top', zipSync({ 'app/manifest.json': strToU8('{}') })],
    ['a manifest that is no JSON', zipSync({ 'manifest.json': strToU8('{') })],
    ['a manifest without an id', appPackage({ id: undefined })],
    ['a version of words', appPackage({ version: 'one' })],
    ['a manifest that swells', appPackage({}, { 'manifest.json': new Uint8Array(1_000_001) })],
  ])('refuses %s', async (_what, bytes) => {
    expect(codeOf(await send('', bytes))).toBe('400/BadRequest')
    expect(await list()).toEqual([])
  })

  it('refuses a package that is not sent as a zip, or is too large to read', async () => {
    expect(codeOf(await line.graph('POST', appsPath, { token: await admin(), body: {} }))).toBe('400/BadRequest')
    expect((await send('', new Uint8Array(10_000_001))).status).toBe(413)
    expect(codeOf(await send('?requiresReview=maybe', appPackage()))).toBe('400/BadRequest')
  })

  it('lets those who may only submit publish nothing', async () => {
    expect(codeOf(await send('', appPackage(), await submitter()))).toBe('403/7504')
    expect(await list()).toEqual([])
  })

  it('filters as the documented requests do', async () => {
    const { body: one } = await send('', appPackage(bot))
    const { body: other } = await send(
      '?requiresReview=true',
      appPackage({ id: 'b', name: { short: "Ann's and Bob's" } }),
    )
    const found = async (filter: string) => (await list(`?$filter=${encodeURIComponent(filter)}`)).map(({ id }) => id)
    expect(await found("distributionMethod eq 'organization'")).toEqual([one.id, other.id])
    expect(await found("distributionMethod eq 'store'")).toEqual([])
    expect(await found(`id eq '${one.id.toUpperCase()}'`)).toEqual([one.id])
    expect(await found("distributionMethod eq 'organization' and displayName eq 'Ann''s and Bob''s'")).toEqual([
      other.id,
    ])
    expect(await found('appDefinitions/any(a:a/bot ne null)')).toEqual([one.id])
    expect(await found("appDefinitions/any(a:a/publishingState eq 'submitted')")).toEqual([other.id])
    for (const query of [
      "?$filter=rating eq '5'",
      "?$filter=constructor eq 'x'",
      "?$filter=__proto__ eq 'x'",
      '?$filter=startswith(id)',
      '?$expand=people',
    ]) {
      expect(codeOf(await line.graph('GET', appsPath + query, { token: await admin() }))).toBe('400/BadRequest')
    }
  })

  it('keeps the size of a package in the records, not its bytes', async () => {
    const zip = appPackage()
    await send('', zip)
    const requests = await line.control<Exchange[]>('GET', '/requests')
    expect(requests.filter((one) => one.kind === 'request' && one.operation === 'teamsapp-publish')).toMatchObject([
      { body: { byteLength: zip.byteLength }, status: 201 },
    ])
  })
})

it('takes one of two versions for higher, never both, and neither when they say the same', () => {
  const version = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(version, version, (a, b) => {
      const [one, other] = [a.join('.'), b.join('.')]
      const padded = (numbers: number[]) => [...numbers, 0, 0, 0, 0].slice(0, 4).join('.')
      const verdicts = [isHigherVersion(one, other), isHigherVersion(other, one)]
      expect(verdicts.filter(Boolean)).toHaveLength(padded(a) === padded(b) ? 0 : 1)
    }),
  )
})
