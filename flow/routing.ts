import { readCalled } from '#ground/called.ts'
import { type Calendar, stateAt } from './calendar.ts'

/**
 * Who answers what, decided by the bot for calls and by the page that tries one: rules in order, of which the first that fits counts, and
 * last the one without conditions.
 */

/** `closed`: whenever it is not open, holidays as well. */
export const routeStates = ['open', 'closed', 'holiday'] as const
export type RouteState = (typeof routeStates)[number]

/** When a call must have what properties; null for any. Places that are equal are decided by the more exact address. */
export type RouteRule = {
  /** An account's object id or a number, as ground/called.ts spells it. */
  called: string | null
  /** A user's object id, or the beginning of a number: `+49`, `+4930`. */
  caller: string | null
  when: { calendarId: string; state: RouteState } | null
  position: number
}

/** A call that comes in: all that was dialled, the most exact first; when, in milliseconds since 1970. */
export type Incoming = { dialled: readonly string[]; caller: { id: string; phone: string }; at: number }

/** Why a rule is not for a call; `fits`: it is. */
export type Verdict = 'fits' | 'otherCalled' | 'otherCaller' | 'otherTime' | 'noCalendar'

type CalendarOf<Rule> = (rule: Rule) => Calendar | undefined

export const isDefault = ({ called, caller, when }: RouteRule): boolean =>
  called === null && caller === null && when === null

/** The one spelling of what is dialled; what is neither account nor number stands as it is. */
export const spelled = (text: string): string => readCalled(text) ?? text.toLowerCase()

/** Whether a rule is for a call. `calendar` is the one that the rule names. */
export function verdictOf(rule: RouteRule, call: Incoming, calendar: Calendar | undefined): Verdict {
  if (rule.called !== null && !call.dialled.some((one) => spelled(one) === rule.called)) return 'otherCalled'
  if (rule.caller !== null && !isCaller(rule.caller, call.caller)) return 'otherCaller'
  if (rule.when === null) return 'fits'
  if (calendar === undefined) return 'noCalendar'
  const { state } = stateAt(calendar, call.at)
  const isThen = rule.when.state === 'closed' ? state !== 'open' : state === rule.when.state
  return isThen ? 'fits' : 'otherTime'
}

const isCaller = (caller: string, { id, phone }: Incoming['caller']): boolean =>
  caller.startsWith('+') ? phone !== '' && spelled(phone).startsWith(caller) : spelled(id) === caller

/** The rules as a call goes through them. */
export function inOrder<Rule extends RouteRule>(
  rules: readonly Rule[],
  { dialled }: Pick<Incoming, 'dialled'>,
): Rule[] {
  const exact = dialled.map(spelled)
  const exactness = ({ called }: Rule) => {
    const at = called === null ? -1 : exact.indexOf(called)
    return at < 0 ? exact.length : at
  }
  return rules.toSorted(
    (a, b) => Number(isDefault(a)) - Number(isDefault(b)) || a.position - b.position || exactness(a) - exactness(b),
  )
}

/** The first rule that fits; undefined where none does. */
export const routeFor = <Rule extends RouteRule>(
  rules: readonly Rule[],
  call: Incoming,
  calendarOf: CalendarOf<Rule>,
): Rule | undefined => inOrder(rules, call).find((rule) => verdictOf(rule, call, calendarOf(rule)) === 'fits')
