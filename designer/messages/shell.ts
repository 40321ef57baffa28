import { shell } from './en/shell.ts'
import { inLanguage } from './languages.ts'

export const shellMessages = inLanguage('shell', shell)
