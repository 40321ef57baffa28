import { designer } from './en/designer.ts'
import { inLanguage } from './languages.ts'

export const designerMessages = inLanguage('designer', designer)
