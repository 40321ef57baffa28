import * as z from 'zod'

/** The keys of a telephone, row by row. */
export const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const

/** The same keys as people count them. */
export const digits = [...'1234567890']
export const phoneKeys = [...digits, '*', '#']

/** Some of these keys, one behind the other. */
export const Keys = z.string().regex(/^[0-9*#]*$/)

/** The first of each key. */
export const uniqueKeys = <T extends { key: string }>(options: readonly T[]): T[] =>
  options.filter(({ key }, n) => options.findIndex((other) => other.key === key) === n)

/** What callers may press, each answer with what its author calls it. */
export const KeyOptions = z
  .array(z.object({ key: z.string().regex(/^[0-9*#]{1,4}$/), label: z.string().trim().max(60) }))
  .min(1)
  .max(12)
