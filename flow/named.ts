import * as z from 'zod'

/** What a secret, or a value of the environment, is called: a flow names it and does not hold it. */
export const NamedValueName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/)

/** Longest of them, in characters: keys and tokens are shorter, certificates are not for here. */
export const mostNamedCharacters = 4_000
