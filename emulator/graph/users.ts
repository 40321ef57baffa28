import { Refusal } from '../wire/refusal.ts'
import type { User } from '../wire/users.ts'
import { onTenant } from './onResource.ts'
import { contextOf } from './operation.ts'

/**
 * People of the directory, who is there to be called. Not one of Graph's cloud communications, so its record has no page of it:
 * https://learn.microsoft.com/graph/api/user-list and https://learn.microsoft.com/graph/search-query-parameter.
 */

const rights = [
  'User.ReadBasic.All',
  'User.Read.All',
  'User.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
]

const members = ['id', 'displayName', 'mail', 'userPrincipalName'] as const
type Member = (typeof members)[number]
const isMember = (name: string): name is Member => members.some((one) => one === name)

const page = { usual: 100, most: 999 }
const mostClauses = 20

export const userOperations = [
  onTenant('user-list', 'GET', '/users', {
    needs: { application: rights, delegated: rights, code: 'Authorization_RequestDenied' },
    act({ world, bearer, query, headers }) {
      const { $search, $select, $top, ...unknown } = query
      if (Object.keys(unknown).length > 0) throw unsupported('The emulator knows $search, $select and $top only.')
      if ($search !== undefined && String(headers.consistencylevel).toLowerCase() !== 'eventual') {
        throw unsupported('Request with $search needs the header ConsistencyLevel: eventual.')
      }
      const isWanted = $search === undefined ? () => true : matcherOf($search)
      const shown = shownOf($select)
      const people = world.users.of(bearer.tenantId).filter(isWanted).slice(0, sizeOf($top))
      const value = people.map((user) => Object.fromEntries(shown.map((member) => [member, user[member]])))
      const names = $select === undefined ? '' : `(${shown.join(',')})`
      return { body: { ...contextOf(`users${names}`), value } }
    },
  }),
]

const unsupported = (message: string) => new Refusal(400, 'Request_UnsupportedQuery', message)

function shownOf($select: string | undefined): readonly Member[] {
  if ($select === undefined) return members
  const names = $select.split(',').map((name) => name.trim())
  if (!names.every(isMember)) throw unsupported(`The emulator knows ${members.join(', ')} of a user.`)
  return names.filter(isMember)
}

function sizeOf($top: string | undefined): number {
  const size = $top === undefined ? page.usual : Number($top)
  if (Number.isInteger(size) && size >= 1 && size <= page.most) return size
  throw unsupported(`$top must be a whole number from 1 to ${page.most}.`)
}

/** `"displayName:le" OR "mail:le"`: clauses in quotes, in which a backslash stands before a quote or a backslash. */
function matcherOf(search: string): (user: User) => boolean {
  const clauses = [...search.matchAll(/(?:^| OR )"((?:[^"\\]|\\.)*)"/gu)]
  const isWhole = clauses.map(([whole]) => whole).join('') === search
  if (!isWhole || clauses.length === 0 || clauses.length > mostClauses) {
    throw unsupported('$search must be of clauses in quotes, "member:text", with OR between them.')
  }
  const matchers = clauses.map(([, inside = '']) => clauseOf(inside.replaceAll(/\\(.)/gu, '$1')))
  return (user) => matchers.some((matches) => matches(user))
}

function clauseOf(clause: string): (user: User) => boolean {
  const [, member = '', text = ''] = /^(\w+):(.+)$/su.exec(clause) ?? []
  if (!isMember(member) || member === 'id') {
    throw unsupported('The emulator searches displayName, mail and userPrincipalName.')
  }
  const wanted = text.trim().toLowerCase()
  if (member !== 'displayName') return (user) => user[member]?.toLowerCase().startsWith(wanted) === true
  const begun = wordsIn(wanted)
  return ({ displayName }) => {
    const words = wordsIn(displayName ?? '')
    return begun.length > 0 && begun.every((one) => words.some((word) => word.startsWith(one)))
  }
}

const wordsIn = (name: string): string[] => name.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
