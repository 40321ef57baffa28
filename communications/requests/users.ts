import { limit, limitWhole } from '../road/limits.ts'
import { type Read, type Reader, shape, text, withId } from '../wire/read.ts'
import { firstPage, query, repeatable } from './ask.ts'
import { type Methods, ofTenant } from './operation.ts'

/** What User.ReadBasic.All shows of somebody, as far as it says who they are. */
const members = { id: text, displayName: text, mail: text, userPrincipalName: text }

const user = withId(shape(members))
/** Somebody with an account. */
export interface User extends Read<typeof user> {}
const readUser: Reader<User> = user

/** People whose name, mail address or sign-in name begins with `text`, `most` of them: 1 to 999. */
export type PeopleSearch = { text: string; most: number }

const searched = ['displayName', 'mail', 'userPrincipalName']
const mostText = 200

function searchBody({ text, most }: PeopleSearch, operation: string) {
  const wanted = text.replaceAll(/\p{Cc}+/gu, ' ').trim()
  limit(operation, wanted !== '' && wanted.length <= mostText, `text must have 1 to ${mostText} characters`)
  limit(operation, !/\p{Surrogate}/u.test(wanted), 'half of a character has no encoding')
  limitWhole(operation, 'most', most, 1, 999)
  const below = query({
    $search: searched.map((name) => clause(name, wanted)).join(' OR '),
    $select: Object.keys(members).join(','),
    $top: String(most),
  })
  return { below, headers: { ConsistencyLevel: 'eventual' } }
}

/**
 * A clause stands in quotes, so that a quote inside it would end it, and what follows would be a clause of whoever typed it.
 * https://learn.microsoft.com/graph/search-query-parameter (directory object collections)
 */
const clause = (name: string, wanted: string) => `"${name}:${wanted.replaceAll(/["\\]/g, '\\$&')}"`

/** Every method throws GraphError; what breaks a documented limit is refused before sending, with code `badRequest`. */
export type Users = Methods<typeof users>

export const users = {
  /**
   * Whom a name or an address may mean, the first of them. Needs User.ReadBasic.All; an app without it is told `error.status` 403. Graph
   * answers of an index, which may be some minutes behind. https://learn.microsoft.com/graph/api/user-list
   */
  search: ofTenant('GET', '/users', repeatable, firstPage(readUser), searchBody),
}
