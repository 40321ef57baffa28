import { readPattern } from './pattern.ts'

/** What the digits of a caller may have to be. */
export const formats = ['any', 'luhn', 'phone', 'date', 'list', 'pattern'] as const
export type Format = (typeof formats)[number]

/** A test of digits by format. `allowed` is for lists, `pattern` for patterns, `order` for dates. Null when the pattern is refused. */
export function digitsTest(
  format: Format,
  pattern: string,
  allowed: readonly string[],
  order: DateOrder = 'DMY',
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
      return (digits) => dayOf(digits, order) !== null
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

/** The orders in which the world writes day, month and year. */
export const dateOrders = ['DMY', 'MDY', 'YMD'] as const
export type DateOrder = (typeof dateOrders)[number]

const written: Readonly<Record<DateOrder, RegExp>> = {
  DMY: /^(?<day>\d\d)(?<month>\d\d)(?<year>\d{4})$/,
  MDY: /^(?<month>\d\d)(?<day>\d\d)(?<year>\d{4})$/,
  YMD: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
}

/** The day that eight digits mean in an order, where there is such a day. */
export function dayOf(digits: string, order: DateOrder): { year: string; month: number; day: number } | null {
  const { year = '', month, day } = written[order].exec(digits)?.groups ?? {}
  if (Number(year) < 1) return null
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return exists ? { year, month: Number(month), day: Number(day) } : null
}
