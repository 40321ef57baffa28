import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '#communications/requests/client.ts'
import { tenantId } from '../testing/testLine.ts'
import { ann, bob, codeOf, type ResourceLine, startResources } from '../testing/testResources.ts'

/** People of the directory. What is held against is Graph's pages, which users.ts names: the contract is of calls. */

const lena = { id: '8f3c2d10-4b5e-4c6d-9a7b-1e2f3a4b5c6d', displayName: 'Lena Hofer', mail: 'lena@contoso.com' }
const poor = { appId: 'a7c9d1e4-2b58-4f60-8d3a-5e7f9b1c2d46', permissions: ['Calls.Initiate.All'] }
const eventual = { ConsistencyLevel: 'eventual' }
const select = '$select=id,displayName,mail,userPrincipalName'

let line: ResourceLine
let without: ResourceLine
beforeAll(async () => {
  line = await startResources({ users: [lena] })
  without = await startResources({}, poor)
})
afterEach(() => line.reset())
afterAll(() => Promise.all([line.close(), without.close()]))

type Listed = { value: { displayName: string | null }[]; '@odata.context': string }
const list = async (query: string, headers: Record<string, string> = eventual) =>
  line.graph<Listed>('GET', `/users${query}`, { token: await line.appToken(), headers })
const named = async (search: string) => {
  const { body } = await list(`?$search=${encodeURIComponent(search)}`)
  return body.value.map(({ displayName }) => displayName)
}

describe('GET /users', () => {
  it('lists the tenant, in the members that are asked for', async () => {
    const { status, body } = await list('?$select=displayName,mail&$top=2', {})
    expect(status).toBe(200)
    expect(body).toEqual({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users(displayName,mail)',
      value: [
        { displayName: 'Lena Hofer', mail: 'lena@contoso.com' },
        { displayName: 'Ann', mail: null },
      ],
    })
    await line.control('POST', '/users', { displayName: 'Of another tenant', tenantId: poor.appId })
    expect((await list('', {})).body.value).toHaveLength(3)
  })

  it('has who is in the settings from the start, and again when all is forgotten', async () => {
    await line.control('DELETE', '')
    expect((await list('')).body.value).toMatchObject([lena])
  })

  it.each([
    ['the beginning of a first name', '"displayName:le"', ['Lena Hofer']],
    ['the beginning of a last name, in another case', '"displayName:HOF"', ['Lena Hofer']],
    ['both, in any order', '"displayName:hofer len"', ['Lena Hofer']],
    ['no middle of a name', '"displayName:ofer"', []],
    ['a mail address', '"mail:lena@"', ['Lena Hofer']],
    ['no middle of an address', '"mail:contoso"', []],
    ['a sign-in name', '"userPrincipalName:ann@"', ['Ann']],
    ['several clauses', '"displayName:bob" OR "mail:lena" OR "userPrincipalName:bob"', ['Lena Hofer', 'Bob']],
    ['nothing but signs', '"displayName:--"', []],
  ])('finds by %s', async (_, search, found) => expect(await named(search)).toEqual(found))

  it('finds what a quote or a backslash stands in', async () => {
    await line.control('POST', '/users', { displayName: 'O"Hara \\ Sons', mail: 'o"h\\x@contoso.com' })
    expect(await named('"mail:o\\"h\\\\x"')).toEqual(['O"Hara \\ Sons'])
    expect(await named('"displayName:o\\"hara"')).toEqual(['O"Hara \\ Sons'])
  })

  const search = '?$search=%22displayName:le%22'
  it.each([
    ['a search without the header', search, {}],
    ['a search with another level', search, { ConsistencyLevel: 'session' }],
    ['a clause without quotes', '?$search=displayName:le', eventual],
    ['a clause that does not end', '?$search=%22displayName:le', eventual],
    ['or in small letters', '?$search=%22displayName:a%22%20or%20%22mail:a%22', eventual],
    ['a search for nothing', '?$search=%22displayName:%22', eventual],
    ['a member that is not searched', '?$search=%22id:le%22', eventual],
    ['a member that is not there', '?$select=shoeSize', eventual],
    ['no page', '?$top=0', eventual],
    ['too large a page', '?$top=1000', eventual],
    ['a filter', '?$filter=startswith(displayName,%27le%27)', eventual],
  ])('refuses %s', async (_, query, headers) => {
    expect(codeOf(await list(query, headers))).toBe('400/Request_UnsupportedQuery')
  })

  it('is refused to an app that may not read who is there, and to one without a token', async () => {
    const asked = { token: await without.appToken(), headers: eventual }
    expect(codeOf(await without.graph('GET', `/users${search}`, asked))).toBe('403/Authorization_RequestDenied')
    expect(codeOf(await line.graph('GET', `/users${search}`, { token: 'none' }))).toBe('401/7501')
  })

  it('shows a signed-in user what they may see', async () => {
    const ask = async (scopes: string[]) =>
      codeOf(await line.graph('GET', `/users?${select}`, { token: await line.userToken(ann.id, scopes) }))
    expect(await ask(['User.Read'])).toBe('403/Authorization_RequestDenied')
    expect(await ask(['User.ReadBasic.All'])).toBe('200/')
  })

  it('answers our client', async () => {
    const { emulatorOrigin: graphUrl } = line.line
    const client = createClient({ tokens: { forTenant: () => line.appToken() }, graphUrl })
    expect(await client.users.search(tenantId, { text: 'Bob" OR "displayName:Ann', most: 8 })).toEqual([])
    expect(await client.users.search(tenantId, { text: 'bo', most: 8 })).toEqual([bob])
    await client.close()
  })
})
