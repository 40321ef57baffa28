const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const scales = ['', ' thousand', ' million', ' billion', ' trillion']
const ordinals: Record<string, string> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}

/** A whole number below a quadrillion, as Americans say it: 1250 is "one thousand two hundred fifty". */
export function cardinal(number: number): string {
  if (number < 20) return small[number] ?? ''
  if (number < 100) return [tens[Math.floor(number / 10)], ...(number % 10 ? [small[number % 10]] : [])].join('-')
  if (number < 1000) return `${small[Math.floor(number / 100)]} hundred${rest(number % 100)}`
  const power = Math.min(Math.floor(Math.log10(number) / 3), scales.length - 1)
  const scale = 1000 ** power
  return `${cardinal(Math.floor(number / scale))}${scales[power]}${rest(number % scale)}`
}

const rest = (number: number) => (number === 0 ? '' : ` ${cardinal(number)}`)

/** 1 is "first", 42 is "forty-second". */
export function ordinal(number: number): string {
  const words = cardinal(number)
  const [, before = '', last = ''] = /^(.*?)([a-z]+)$/.exec(words) ?? []
  return before + (ordinals[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`))
}

/** Digits one by one: "nine one one". What is no digit is passed over. */
export const digits = (text: string): string =>
  [...text]
    .map((digit) => small[digit.charCodeAt(0) - 48] ?? '')
    .filter(Boolean)
    .join(' ')

/** 1984 is "nineteen eighty-four", 2005 "two thousand five", 2026 "twenty twenty-six". */
export function year(number: number): string {
  const [century, last] = [Math.floor(number / 100), number % 100]
  if (number % 1000 < 10) return cardinal(number)
  if (last === 0) return `${cardinal(century)} hundred`
  return `${cardinal(century)} ${last < 10 ? `oh ${small[last]}` : cardinal(last)}`
}

/** A number of any length as it is said among other words: a quantity if it can be one, else digit by digit in groups. */
export function figure(text: string): string {
  const number = Number(text)
  if (/^[2-9]11$/.test(text) || emergency.has(text) || (text.length > 1 && text.startsWith('0'))) return digits(text)
  if (text.length >= 7) return inThrees(text)
  return number >= 1900 && number < 2100 ? year(number) : cardinal(number)
}

/** Numbers that are dialled, all over the world. The services of North America are N11. */
const emergency = new Set(['112', '999', '988', '116', '118'])

/** Long numbers in threes, the last group of up to four: 4255550142 is 425, 555, 0142. */
export const inThrees = (text: string): string =>
  (text.match(/\d{3}(?=\d{2})|\d+/g) ?? []).map((group) => digits(group)).join(', ')
