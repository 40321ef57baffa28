import type { Client } from '#communications/requests/client.ts'
import type { User } from '#communications/requests/users.ts'
import { GraphError } from '#communications/road/error.ts'
import { cut } from '#ground/cut.ts'
import { mostPeople, type Person } from '#ground/people.ts'
import type { PeopleFound, PeopleNews, PeopleQuestion } from '#store/people.ts'

type Deps = {
  search: Client['users']['search']
  /** Calls back with each question and answer of anybody. */
  onNews(listener: (news: PeopleNews | 'reconnected') => void): () => void
  answer(question: PeopleQuestion, found: PeopleFound): Promise<void>
  tenantId: string
  onTrouble(error: unknown): void
}

/** Who types waits no longer. */
const patienceMs = 4_000
/** Questions at once. People type in a few windows, and callers come first. */
const mostAtOnce = 8
/** Of a name or an address, in UTF-16 units: all that is found has to fit into the 8,000 bytes of a notice. */
const mostLetters = 100

/**
 * Answers who is looked for by name, as Graph says: the bot alone has the secret by which Graph is asked.
 * @returns ends it
 */
export function answerWhoIsThere({ search, onNews, answer, tenantId, onTrouble }: Deps): () => void {
  let under = 0

  async function find({ text }: PeopleQuestion): Promise<PeopleFound> {
    if (under >= mostAtOnce) return { refused: 'away' }
    under += 1
    try {
      const users = await search(
        tenantId,
        { text, most: mostPeople },
        { retryForMs: patienceMs, timeoutMs: patienceMs },
      )
      return { people: users.map(personOf) }
    } catch (error) {
      onTrouble(error)
      return { refused: error instanceof GraphError && error.status === 403 ? 'notGranted' : 'away' }
    } finally {
      under -= 1
    }
  }

  return onNews((news) => {
    if (news === 'reconnected' || !('asked' in news) || news.asked.tenantId !== tenantId) return
    const { asked } = news
    find(asked)
      .then((found) => answer(asked, found))
      .catch(onTrouble)
  })
}

function personOf({ id, displayName, mail, userPrincipalName }: User): Person {
  const address = mail ?? userPrincipalName ?? ''
  return { id, name: shown(displayName || address || id), address: shown(address) }
}

const shown = (text: string) => cut(text.replaceAll(/\p{Cc}+/gu, ' ').trim(), mostLetters)
