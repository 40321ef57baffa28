import { dateOrders, dayOf } from '../digits.ts'
import { FlowError } from '../error.ts'
import type { Value } from '../values.ts'
import type { Reader } from './reader.ts'

/** Of a list so many are named; nobody keeps more in mind. */
const mostNamed = 10
const mostSpelled = 60
const mostDigits = 60

const cannot = (why: string) => new FlowError('expressionFailed', why)

/** English as callers hear it; what the built-in voice reads right by itself (speech/english/readOut.ts) is left to it. */
export const english: Reader = {
  plain,
  digits,
  spelled,
  money,
  date,
  time,
  ahead,
  belongsTo: {
    next: /^(?:Dr|Mr|Mrs|Ms|Prof|St|No|no|Nr|[#$€£¥])\.?$/,
    last: /^(?:[kcm]?m|m?g|kg|lbs?|oz|ft|mi|mph|km\/h|ml|h|hrs?|mins?|secs?|[kMGT]B|kWh?|°[CF]|%|[€£¥]|[A-Z]{3}|[ap]\.?m|st|nd|rd|th)[.,;:!?]*$/,
  },
}

function plain(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim()
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return list(value)
  const name = 'name' in value ? value.name : undefined // people have one, and most records
  if (typeof name !== 'string') throw cannot('a record is not read out; choose one of its parts')
  return plain(name)
}

function list(values: readonly Value[]): string {
  if (values.length === 0) return 'none'
  const named = values.slice(0, values.length > mostNamed + 1 ? mostNamed : values.length).map(plain)
  const more = values.length - named.length
  if (more > 0) return `${named.join(', ')} and ${more} more`
  return [named.slice(0, -1).join(', '), named.at(-1)].filter(Boolean).join(' and ')
}

/** Voices take these for numbers that are dialled (emergency, services), and say their digits. */
const dialled = /^(?:[2-9]11|112|116|118|988|999)$/

function number(value: number): string {
  // What was reckoned with decimals ends in a long tail of nines or noughts.
  const rounded = Number(value.toPrecision(12))
  const size = Math.abs(rounded)
  if (size >= 1e15) throw cannot('a number of more than 15 digits is not read out; take digits(…)')
  const [whole = '', decimals = ''] = size
    .toFixed(6)
    .replace(/\.?0+$/, '')
    .split('.')
  const words = decimals === '' && dialled.test(whole) ? hundreds(Number(whole)) : grouped(whole)
  return `${rounded < 0 && size >= 1e-6 ? 'minus ' : ''}${words}${decimals === '' ? '' : `.${decimals}`}`
}

/** 2026 is a quantity here and no year, and 1000000 no telephone number. */
const grouped = (whole: string): string => whole.replace(/\B(?=(?:\d{3})+$)/g, ',')

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** From 100 to 999. */
function hundreds(value: number): string {
  const rest = value % 100
  const last =
    rest < 20 ? small[rest] : [tens[Math.floor(rest / 10)], ...(rest % 10 ? [small[rest % 10]] : [])].join('-')
  return `${small[Math.floor(value / 100)]} hundred ${last}`
}

const keys: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash' }

/** In threes where there are many, with a short rest between, as the voice reads telephone numbers. */
function digits(value: Value): string {
  const text = typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value.toFixed(0) : value
  if (typeof text !== 'string' || !/^\+?[\d*#\s().-]*$/.test(text.trim())) throw cannot('these are no digits')
  const typed = text.replace(/[^\d*#]/g, '')
  if (typed.length > mostDigits) throw cannot(`more than ${mostDigits} digits are not read out`)
  const groups = typed.length > 6 ? (typed.match(/[\d*#]{3}(?=[\d*#]{2})|[\d*#]+/g) ?? []) : [typed]
  const words = groups.map((group) => [...group].map((one) => keys[one] ?? one).join(' ')).join(', ')
  return text.trim().startsWith('+') ? `plus ${words}` : words
}

const signs: Readonly<Record<string, string>> = {
  ...keys,
  '-': 'dash',
  '.': 'dot',
  _: 'underscore',
  '/': 'slash',
  '@': 'at',
  '+': 'plus',
  '&': 'and',
  ':': 'colon',
}

function spelled(value: Value): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw cannot('only a text can be spelled')
  const characters = [...String(value).trim()].filter((one) => one.trim() !== '')
  if (characters.length > mostSpelled) throw cannot(`more than ${mostSpelled} characters are not spelled`)
  return characters.map((one) => signs[one] ?? one.toUpperCase()).join(', ')
}

/** Their code is read out by the voice. */
const known: Readonly<Record<string, number>> = { EUR: 2, USD: 2, GBP: 2, JPY: 0 }
/** For one and for several; the same of their hundredths. */
const currencies: Readonly<Record<string, readonly [string, string, string, string]>> = {
  CHF: ['Swiss franc', 'Swiss francs', 'centime', 'centimes'],
  CAD: ['Canadian dollar', 'Canadian dollars', 'cent', 'cents'],
  AUD: ['Australian dollar', 'Australian dollars', 'cent', 'cents'],
  NZD: ['New Zealand dollar', 'New Zealand dollars', 'cent', 'cents'],
  SEK: ['Swedish krona', 'Swedish kronor', 'ore', 'ore'],
  NOK: ['Norwegian krone', 'Norwegian kroner', 'ore', 'ore'],
  DKK: ['Danish krone', 'Danish kroner', 'ore', 'ore'],
  PLN: ['Polish zloty', 'Polish zloty', 'grosz', 'groszy'],
  CZK: ['Czech crown', 'Czech crowns', 'heller', 'hellers'],
  INR: ['Indian rupee', 'Indian rupees', 'paisa', 'paise'],
}

function money(value: Value, currency: string): string {
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  const code = currency.trim().toUpperCase()
  if (typeof amount !== 'number' || !Number.isFinite(amount)) throw cannot('this is no amount')
  if (Math.abs(amount) >= 1e13) throw cannot('this amount is too large to be read out')
  if (!/^[A-Z]{3}$/.test(code)) throw cannot('a currency is named by three letters, as "EUR"')
  // By the decimals as they are written: 1.005 is a little less in binary, and would be rounded down.
  const decimals = known[code] ?? 2
  const units = Math.round(Number(`${Number(Math.abs(amount).toPrecision(15)).toFixed(6)}e${decimals}`))
  const sign = amount < 0 && units > 0 ? 'minus ' : ''
  const whole = Math.floor(units / 10 ** decimals)
  const rest = units % 10 ** decimals
  const names = currencies[code]
  if (names) {
    const [one, several, cent, cents] = names
    const main = whole === 0 && rest > 0 ? [] : [`${number(whole)} ${whole === 1 ? one : several}`]
    const small = rest === 0 ? [] : [`${rest} ${rest === 1 ? cent : cents}`]
    return sign + [...main, ...small].join(' and ')
  }
  const figures = `${grouped(String(whole))}${decimals > 0 ? `.${String(rest).padStart(decimals, '0')}` : ''}`
  return `${sign}${figures} ${code in known ? code : spelled(code)}`
}

const months = 'January February March April May June July August September October November December'.split(' ')
/** Day first is how Collect digits asks for a date unless told otherwise. */
function date(value: Value, order = 'DMY'): string {
  const known = dateOrders.find((one) => one === order)
  if (known === undefined) throw cannot('the order of a date is "DMY", "MDY" or "YMD"')
  if (value === null || value === '') return ''
  const text = typeof value === 'string' ? value.trim() : ''
  const [iso] = /^\d{4}-\d\d-\d\d(?=$|[T ])/.exec(text) ?? []
  const found = iso === undefined ? dayOf(text, known) : dayOf(iso.replaceAll('-', ''), 'YMD')
  if (found === null) throw cannot('this is no date, as "2026-11-30"')
  return `${months[found.month - 1]} ${found.day}, ${found.year}`
}

/** With the half of the day, so that nobody takes eight in the evening for the morning. */
function time(value: Value): string {
  if (value === null || value === '') return ''
  const text = typeof value === 'string' ? value.trim() : ''
  const [, hours, minutes = '00'] = /^(?:\d{4}-\d\d-\d\d[T ])?([01]?\d|2[0-4]):?([0-5]\d)(?::\d\d.*)?$/.exec(text) ?? []
  const hour = Number(hours)
  if (hours === undefined || (hour === 24 && minutes !== '00')) throw cannot('this is no time of day, as "17:30"')
  if (minutes === '00' && hour % 24 === 0) return 'midnight'
  if (minutes === '00' && hour === 12) return 'noon'
  return `${hour % 12 || 12}:${minutes} ${hour % 24 < 12 ? 'AM' : 'PM'}`
}

const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

function ahead(days: number, day: string, clock: string): string {
  if (days <= 0) return `today at ${time(clock)}`
  if (days === 1) return `tomorrow at ${time(clock)}`
  return `on ${days < 7 ? weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] : date(day)} at ${time(clock)}`
}
