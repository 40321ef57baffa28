import { isDefault, type RouteRule } from '#flow/routing.ts'
import { answersMessages as words } from '../messages/answers.ts'
import type { Rules } from '../useRules.ts'
import type { CalendarItem } from '../wire.ts'

/** Calendars by their ids. */
export type Hours = ReadonlyMap<string, CalendarItem['calendar']>

/** Those that flows share, as far as they are known. */
export const hoursOf = (rules: Rules | null): Hours => new Map(Object.entries(rules?.shared.calendars ?? {}))

const isNumber = (address: string): boolean => address.startsWith('+')

export const calledWords = (rule: RouteRule): string =>
  isDefault(rule) ? words.everythingElse : (rule.called ?? words.anyCalled)

export const calledHint = (rule: RouteRule): string => {
  if (isDefault(rule)) return words.everythingElseHint
  if (rule.called === null) return words.anyCalledHint
  return isNumber(rule.called) ? words.number : words.account
}

/** "Practice hours: open", or that it is always. */
export function whenWords({ when }: RouteRule, hours: Hours): string {
  if (when === null) return words.always
  const calendar = hours.get(when.calendarId)
  return calendar ? words.hours(calendar.name, words.states[when.state]) : words.hoursGone
}

/** Which callers a rule is for, where it is not for all. */
export const callerWords = ({ caller }: RouteRule): string | null =>
  caller === null ? null : isNumber(caller) ? words.from(caller) : words.only(caller)

/** All of a rule in one line: what is called, who calls, when. */
export const ruleWords = (rule: RouteRule, hours: Hours): string =>
  [calledWords(rule), callerWords(rule), rule.when && whenWords(rule, hours)].filter(Boolean).join(' · ')
