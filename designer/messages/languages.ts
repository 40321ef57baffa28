import { chooseLanguage, completed } from '#ground/language.ts'
import type { AnotherLanguage, English } from './translation.ts'

/** The languages beside English, by their tags: `{ fr }` for the file `fr.ts`. This is the one place that names them. */
const others: Readonly<Record<string, AnotherLanguage>> = {}

/** The language of these pages, as its tag. */
export const language = chooseLanguage(Object.keys(others))

/** The texts of a subject in the language of these pages; what it does not have stays English. */
export const inLanguage = <Subject extends keyof English>(subject: Subject, english: English[Subject]) =>
  completed(english, others[language]?.[subject])
