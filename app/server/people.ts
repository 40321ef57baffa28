import { randomUUID } from 'node:crypto'
import type { Person } from '#ground/people.ts'
import { withTimeout } from '#ground/timeout.ts'
import type { PeopleFound } from '#store/people.ts'
import { AppError } from './appError.ts'
import type { Services } from './services.ts'

/** Longer than the bot waits for Graph. */
const answerLimitMs = 5_000

/**
 * Who is called so, or has such an address, as the bot finds them.
 * @throws AppError `peopleNotGranted`, `peopleAway`
 */
export async function peopleNamed(
  { store, changes }: Pick<Services, 'store' | 'changes'>,
  tenantId: string,
  text: string,
  limitMs = answerLimitMs,
): Promise<Person[]> {
  const id = randomUUID()
  let stop = () => {}
  const answered = new Promise<PeopleFound>((resolve) => {
    stop = changes.on('people', (news) => {
      if (news !== 'reconnected' && 'found' in news && news.answered.id === id) resolve(news.found)
    })
  })
  try {
    await store.people.ask({ id, tenantId, text })
    const found = await withTimeout(answered, limitMs, () => ({ refused: 'away' as const }))
    if ('people' in found) return found.people
    throw new AppError(found.refused === 'notGranted' ? 'peopleNotGranted' : 'peopleAway')
  } finally {
    stop()
  }
}
