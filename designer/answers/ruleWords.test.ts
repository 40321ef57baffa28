import { expect, it } from 'vitest'
import type { RouteRule } from '#flow/routing.ts'
import { ruleWords } from './ruleWords.ts'

const rule: RouteRule = { called: null, caller: null, when: null, position: 1 }
const when = { calendarId: 'gone', state: 'open' } as const

it.each<[RouteRule, string]>([
  [rule, 'Everything else'],
  [{ ...rule, called: '+493055500142' }, '+493055500142'],
  [{ ...rule, caller: '+49' }, 'Anything · Only callers from +49'],
  [{ ...rule, called: '+493055500142', when }, '+493055500142 · Hours that are gone'],
])('says all of a rule in one line: %j', (given, said) => {
  expect(ruleWords(given, new Map())).toBe(said)
})
