import * as z from 'zod'

/** The keys of a telephone, row by row. */
export const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const

/** The same keys as people count them. */
export const digits = [...'1234567890']
export const phoneKeys = [...digits, '*', '#']

/** Some of these keys, one behind the other. */
export const Keys = z.string().regex(/^[0-9*#]*$/)
