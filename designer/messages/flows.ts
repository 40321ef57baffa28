import { flows } from './en/flows.ts'
import { inLanguage } from './languages.ts'

export const flowsMessages = inLanguage('flows', flows)
