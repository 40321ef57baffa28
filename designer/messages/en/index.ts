import type { Translation } from '#ground/language.ts'
import type { calls } from './calls.ts'
import type { designer } from './designer.ts'
import type { flows } from './flows.ts'
import type { phone } from './phone.ts'
import type { shell } from './shell.ts'

/** All texts of these pages. Each subject is a file of its own, so that a page loads only the words that it says. */
export type English = {
  shell: typeof shell
  flows: typeof flows
  calls: typeof calls
  designer: typeof designer
  phone: typeof phone
}

/** One more language: one file, with as much of the texts as there is. */
export type AnotherLanguage = Translation<English>
