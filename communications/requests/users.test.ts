import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphRequest } from '../road/graph.ts'
import { methodsOf } from './operation.ts'
import { users } from './users.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const lena = {
  id: '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0',
  displayName: 'Lena Hofer',
  mail: 'lena@contoso.com',
  userPrincipalName: 'lena.hofer@contoso.com',
}

/** A client of a Graph that answers with this, and what it was asked. */
function clientOf(body: unknown) {
  const sent: GraphRequest[] = []
  const send = async (request: GraphRequest) => {
    sent.push(request)
    return { status: 200, location: null, body }
  }
  const graph = { send, longestWaitMs: () => 0, close: async () => {} }
  return { ...methodsOf(graph, 'users.', users), sent }
}

/** The clauses of a $search as Graph reads it: texts in quotes, in which a backslash takes the meaning of the next character. */
function clausesOf(path: string): string[] {
  const search = new URL(path, 'https://graph.example').searchParams.get('$search') ?? ''
  const clauses = [...search.matchAll(/"((?:[^"\\]|\\.)*)"/gu)]
  expect(clauses.map(([whole]) => whole).join(' OR ')).toBe(search)
  return clauses.map(([, inside = '']) => inside.replaceAll(/\\(.)/gu, '$1'))
}

it('asks for a name or an address, in what User.ReadBasic.All shows', async () => {
  const { search, sent } = clientOf({ value: [{ ...lena, jobTitle: 'Dental hygienist' }, { displayName: 'no id' }] })
  expect(await search(tenantId, { text: ' Lena ', most: 8 })).toEqual([lena])
  expect(sent).toMatchObject([
    { operation: 'users.search', method: 'GET', tenantId, repeatable: true, headers: { ConsistencyLevel: 'eventual' } },
  ])
  const { pathname, searchParams } = new URL(sent[0]?.path ?? '', 'https://graph.example')
  expect({ pathname, ...Object.fromEntries(searchParams) }).toEqual({
    pathname: '/users',
    $search: '"displayName:Lena" OR "mail:Lena" OR "userPrincipalName:Lena"',
    $select: 'id,displayName,mail,userPrincipalName',
    $top: '8',
  })
})

it('follows no next page: who types goes on typing', async () => {
  const { search, sent } = clientOf({
    value: [lena],
    '@odata.nextLink': 'https://graph.example/v1.0/users?$skiptoken=x',
  })
  expect(await search(tenantId, { text: 'l', most: 1 })).toHaveLength(1)
  expect(sent).toHaveLength(1)
})

it('keeps nobody without a mail address out', async () => {
  const { mail: _, ...guest } = lena
  expect(await clientOf({ value: [{ ...guest, mail: null }] }).search(tenantId, { text: 'l', most: 1 })).toEqual([
    guest,
  ])
})

describe('what is typed stays one text', () => {
  const asked = async (text: string) => {
    const { search, sent } = clientOf({ value: [] })
    await search(tenantId, { text, most: 8 })
    return clausesOf(sent[0]?.path ?? '')
  }
  it.each([
    ['a quote', 'O"Hara'],
    ['a backslash at the end', 'Lena\\'],
    ['a backslash before a quote', '\\"'],
    ['a clause of their own', '" OR "displayName:'],
    ['another option', 'x&$top=999&$select=*#'],
    ['a plus and an umlaut', 'Jörg+Anna ß 🙂'],
  ])('with %s', async (_, text) => {
    expect(await asked(text)).toEqual([`displayName:${text}`, `mail:${text}`, `userPrincipalName:${text}`])
  })

  it('whatever it is', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('"', '\\', ' ', ':', 'OR', 'a', "'", '%22'), minLength: 1 }),
        async (text) => {
          fc.pre(text.trim() !== '')
          expect(await asked(text)).toHaveLength(3)
        },
      ),
    ))

  it('without line breaks', async () => {
    expect(await asked('Lena\r\nHofer')).toContain('mail:Lena Hofer')
  })
})

it.each([
  ['nothing', '', 8],
  ['blanks', ' \n', 8],
  ['more than anybody is called', 'x'.repeat(201), 8],
  ['half of an emoji', 'x\ud83d', 8],
  ['nobody', 'x', 0],
  ['too many', 'x', 1_000],
])('%s is refused before sending', async (_, text, most) => {
  const { search, sent } = clientOf({ value: [] })
  await expect(search(tenantId, { text, most })).rejects.toMatchObject({ code: 'badRequest', neverSent: true })
  expect(sent).toEqual([])
})

it('an answer that is no list is unreadable', async () => {
  await expect(clientOf({}).search(tenantId, { text: 'x', most: 8 })).rejects.toMatchObject({
    code: 'unreadableAnswer',
  })
})
