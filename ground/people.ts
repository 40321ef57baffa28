import * as z from 'zod'

/** Whom callers can be sent to, as the directory has them. `id` is the object id; `address` is empty where there is none. */
export const Person = z.object({ id: z.string(), name: z.string(), address: z.string() })
export type Person = z.output<typeof Person>

/** So many are found at most: a list in which somebody is seen at once. */
export const mostPeople = 8

/** What a name or an address may have, in UTF-16 units. */
export const mostSearched = 100

/** The Graph permission by which the bot finds people; nothing else needs it. */
export const peoplePermission = 'User.ReadBasic.All'
