import { phone } from './en/phone.ts'
import { inLanguage } from './languages.ts'

export const phoneMessages = inLanguage('phone', phone)
