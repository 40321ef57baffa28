import { z } from 'zod'

/** What people do when the bot calls them (`onCall`) or sends a caller to them (`onTransfer`), and how long they take. */
export const personSchema = z.strictObject({
  /** Object id of a user, or a number in E.164. */
  id: z.string().min(1),
  onTransfer: z.enum(['accept', 'decline', 'noAnswer', 'ask']).optional(),
  onCall: z.enum(['accept', 'decline', 'noAnswer']).optional(),
  afterMs: z.number().int().min(0).max(600_000).optional(),
})
export type Person = z.output<typeof personSchema>

export type People = {
  put(person: Person): void
  find(id: string | null | undefined): Person | undefined
  forget(): void
}

export function createPeople(): People {
  const people = new Map<string, Person>()
  return {
    put: (person) => people.set(person.id, person),
    find: (id) => (id ? people.get(id) : undefined),
    forget: () => people.clear(),
  }
}
