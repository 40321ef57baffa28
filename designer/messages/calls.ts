import { calls } from './en/calls.ts'
import { inLanguage } from './languages.ts'

export const callsMessages = inLanguage('calls', calls)
