import { chooseMessages } from '#ground/language.ts'
import { en } from './en.ts'

// One more language is one file of the form `Translation<typeof en>`, and its name between these braces: `{ fr }`.
export const { chat: chatMessages, health: healthMessages } = chooseMessages(en, {})
