/**
 * The one spelling of what is dialled: routing, the table of routes and the pages compare it letter by letter, so all that is
 * typed or heard goes through here.
 */

const account = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** https://www.itu.int/rec/T-REC-E.164: a country's digit first, at most fifteen in all. Seven is the shortest that Graph knows. */
const number = /^\+[1-9]\d{6,14}$/

/**
 * An account's object id in small letters with hyphens, or a phone number as +14255550100. Reads what people and programs write for
 * them: `{…}` and `urn:uuid:` around an id, ids without hyphens or as Teams names accounts (`8:orgid:…`), `tel:`, 00 for the +, signs
 * between digits, a trunk zero in brackets. Null if it is neither.
 */
export function readCalled(text: string): string | null {
  const plain = plainOf(text)
  return accountOf(plain) ?? numberOf(plain)
}

/**
 * Who calls, as rules name it: a user's object id, or the beginning of a number (`+49`, `0049 30`), at least its country's first digit.
 * Null if it is neither.
 */
export function readCaller(text: string): string | null {
  const plain = plainOf(text)
  const digits = digitsOf(plain)
  return accountOf(plain) ?? (/^\+[1-9]\d{0,14}$/.test(digits) ? digits : null)
}

function accountOf(text: string): string | null {
  const id = text.replace(/^(urn:uuid:|(8:|28:)?orgid:|28:)/, '').replace(/^\{(.*)\}$/, '$1')
  const dashed = id.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, '$1-$2-$3-$4-$5')
  return account.test(dashed) ? dashed : null
}

// NFKC makes wide forms plain; marks of writing direction come along when numbers are copied from contacts.
const plainOf = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\p{Cf}\s]/gu, '')
    .toLowerCase()

function numberOf(text: string): string | null {
  const digits = digitsOf(text)
  return number.test(digits) ? digits : null
}

const digitsOf = (text: string): string =>
  text
    .replace(/^(tel|callto):/, '')
    .replace(/^4:(?=\+)/, '')
    .replace(/^00/, '+')
    .replace('(0)', '')
    .replace(/[()./\u2010-\u2015\u2212-]/g, '')
