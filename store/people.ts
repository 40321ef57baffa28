import * as z from 'zod'
import { mostSearched, Person } from '#ground/people.ts'
import type { Connection } from './connection.ts'

/** Why nobody was looked for. `notGranted`: an administrator has not agreed that the bot reads who is there. */
const refusals = ['notGranted', 'away'] as const

const Found = z.union([z.object({ people: z.array(Person) }), z.object({ refused: z.enum(refusals) })])
export type PeopleFound = z.output<typeof Found>

const Question = z.object({ id: z.string(), tenantId: z.string(), text: z.string().max(mostSearched) })
export type PeopleQuestion = z.output<typeof Question>

/** A question, or the answer to the one of this id. */
export const PeopleNews = z.union([
  z.object({ asked: Question }),
  z.object({ answered: Question.pick({ id: true, tenantId: true }), found: Found }),
])
export type PeopleNews = z.output<typeof PeopleNews>

/**
 * The designer's server asks the bot who is there, and is answered: by NOTIFY, which `changes` hears, so that nothing of it is kept
 * (decisions/people-by-name.md).
 */
export function createPeople({ sql }: Pick<Connection, 'sql'>) {
  const tell = (news: PeopleNews) => sql(`select pg_notify('people', $1)`, [JSON.stringify(news)]).then(() => {})
  return {
    ask: (asked: PeopleQuestion) => tell({ asked }),
    /** All of `found` must fit into one notice: bot/people.ts sees to it. */
    answer: ({ id, tenantId }: PeopleQuestion, found: PeopleFound) => tell({ answered: { id, tenantId }, found }),
  }
}
