import { readCalled } from '#ground/called.ts'
import { BlockIssue } from './block.ts'

/** Nobody knows where the caller is, and a bot must not stand in between (D.2, 26). As they are dialled in most of the world. */
const emergency = ['000', '110', '111', '112', '115', '117', '118', '119', '911', '995', '999']

/** A number with an area code and nothing but an emergency number behind it reaches one in some countries; a subscriber's is longer. */
const isEmergency = (digits: string): boolean => digits.length <= 9 && emergency.some((one) => digits.endsWith(one))

/**
 * Numbers that cost whoever calls them much: ITU's shared-cost, premium, satellite and universal ranges (E.164 annex), and 900 of
 * North America. What a country charges for inside its own range is for the tenant's policy.
 */
const dear = /^(?:1900|1976|800|808|870|878|881|882|883|888|979)/

/** A number that a flow may give calls to, in E.164; or why it may not. */
export function judgeNumber(number: string): { id: string } | { problem: 'specialNumber' | 'notInternational' } {
  const id = readCalled(number)
  const digits = (id ?? number.normalize('NFKC')).replace(/\D/g, '')
  if (isEmergency(digits) || dear.test(digits)) return { problem: 'specialNumber' }
  return id?.startsWith('+') ? { id } : { problem: 'notInternational' }
}

/**
 * Whom one can call back: a number in E.164, an account's object id, or a number as callers of one country type it, which people know
 * how to dial. Null for what is none of these, and for numbers of emergency and charged services.
 */
export function callableBack(number: string): string | null {
  const known = readCalled(number)
  if (known?.startsWith('+')) return 'id' in judgeNumber(known) ? known : null
  if (known) return known
  return /^[0-9]{3,15}$/.test(number) && !emergency.includes(number) ? number : null
}

/** What a flow may give calls to, of a number that stands in a setting. @throws BlockIssue `specialNumber`, `notInternational` at `field` */
export function reachable(number: string, field: string): string {
  const judged = judgeNumber(number)
  if ('problem' in judged) throw new BlockIssue(field, judged.problem, number)
  return judged.id
}
