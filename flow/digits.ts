import { readPattern } from './pattern.ts'

/** What the digits of a caller may have to be. */
export const formats = ['any', 'luhn', 'phone', 'date', 'list', 'pattern'] as const
export type Format = (typeof formats)[number]

/** A test of digits by format. `allowed` is for lists, `pattern` for patterns. Null when the pattern is refused. */
export function digitsTest(
  format: Format,
  pattern: string,
  allowed: readonly string[],
): ((digits: string) => boolean) | null {
  switch (format) {
    case 'any':
      return () => true
    case 'luhn':
      return passesLuhn
    case 'phone':
      // E.164: at most 15 digits. Callers type 00 for the plus sign. https://www.itu.int/rec/T-REC-E.164
      return (digits) => /^(00)?[1-9][0-9]{6,14}$/.test(digits) || /^0[1-9][0-9]{5,13}$/.test(digits)
    case 'date':
      return isDate
    case 'list': {
      const listed = new Set(allowed)
      return (digits) => listed.has(digits)
    }
    case 'pattern': {
      const expression = readPattern(pattern)
      return expression && ((digits) => expression.test(digits))
    }
  }
}

/** The check digit of card numbers: ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  if (!/^[0-9]{2,}$/.test(digits)) return false
  let sum = 0
  for (let n = 0; n < digits.length; n++) {
    const digit = Number(digits[digits.length - 1 - n])
    const doubled = n % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Eight digits, day month year, a day that exists. */
function isDate(digits: string): boolean {
  const [, day, month, year] = /^(\d{2})(\d{2})(\d{4})$/.exec(digits)?.map(Number) ?? []
  if (day === undefined || month === undefined || year === undefined || year < 1) return false
  const date = new Date(Date.UTC(year, month - 1, day))
  date.setUTCFullYear(year)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
