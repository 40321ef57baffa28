import { clock, date, dayPattern, days, monthOf, monthPattern } from './calendar.ts'
import { cardinal, digits, figure, inThrees, ordinal, year } from './numbers.ts'
import { abbreviations, currencies, units } from './units.ts'

/**
 * An English text in the words in which somebody would read it out: "Dial 911, open 24/7" is "Dial nine one one, open twenty-four
 * seven". What it does not know it leaves; figures never stay figures, and none is left out. Pure, and at most some sixteen times as long.
 * Where readings differ it is American: 12/24/2026 begins with the month.
 */
export function readOut(text: string): string {
  let words = plain(text)
  for (const [pattern, read] of rules) words = words.replace(pattern, read)
  return words
}

type Rule = [pattern: RegExp, read: (...parts: string[]) => string]

const amount = '\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+'

/** Digits of every script as ours, full-width signs as the plain ones, and no signs that nobody reads out. */
const plain = (text: string): string =>
  text
    .replace(/[½¼¾]/g, (sign) => ({ '½': ' one half ', '¼': ' one quarter ', '¾': ' three quarters ' })[sign] ?? sign)
    .replace(/[™®©℠]/g, '')
    .normalize('NFKC')
    .replace(/(?![0-9])\p{Nd}/gu, (digit) => ` ${digitOf(digit)}`.trim())

/** Unicode gives the ten digits of a script ten code points in a row (chapter 4.6 of its standard). */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1
  return value
}

/** A number with its thousands and decimals: "one thousand two hundred point five". */
function quantity(whole: string, decimals?: string): string {
  const plainly = whole.replaceAll(',', '')
  const words = plainly.length > 15 || /^0\d/.test(plainly) ? digits(plainly) : cardinal(Number(plainly))
  return decimals ? `${words} point ${digits(decimals)}` : words
}

function money(sign: string, whole: string, decimals = '', scale = ''): string {
  const currency = currencies[sign]
  if (!currency) return whole
  const { one, several, cent, cents } = currency
  const scaled = { k: 'thousand', K: 'thousand', M: 'million', B: 'billion' }[scale] ?? scale
  if (scaled || (decimals && decimals.length !== 2)) return `${quantity(whole, decimals)} ${scaled} ${several}`
  const main = `${quantity(whole)} ${Number(whole.replaceAll(',', '')) === 1 ? one : several}`
  const small = Number(decimals)
  if (small === 0) return main
  const rest = `${cardinal(small)} ${small === 1 ? cent : cents}`
  return Number(whole) === 0 ? rest : `${main} and ${rest}`
}

/** Each group of digits for itself, with a short rest between. */
const inGroups = (number: string): string => (number.match(/\d+/g) ?? []).map((group) => digits(group)).join(', ')

const signs: Record<string, string> = {
  '.': 'dot',
  '/': 'slash',
  '-': 'dash',
  _: 'underscore',
  '@': 'at',
  ':': 'colon',
  '?': 'question mark',
  '=': 'equals',
  '&': 'and',
  '#': 'hash',
  '+': 'plus',
  '%': 'percent',
  '~': 'tilde',
}
/** An address: letters as words, figures one by one, signs by their names. */
const address = (text: string): string =>
  text
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .replace(/\d+/g, (run) => ` ${digits(run)} `)
    .replace(/[./\-_@:?=&#+%~]/g, (sign) => ` ${signs[sign]} `)
    .replace(/ {2,}/g, ' ')
    .trim()

const spaced = (words: string): string => ` ${words} `

/** The most telling first: what one has read holds no figures for the next. */
const rules: Rule[] = [
  // Addresses: the sign behind one that ends the sentence is not of it.
  [/\bhttps?:\/\/[^\s<>"]*[^\s<>".,;:!?)]/gi, address],
  [/\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, address],
  [
    /\b(?:www\.)?[a-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,3}\.(?:com|org|net|edu|gov|info|io|eu|de|uk|us|ca|nl|ch|at|fr)\b(?:\/[\w\-./?=&#%]*[\w/])?/gi,
    address,
  ],

  // Among letters that are spelled, and alone, A is none of the words of a sentence.
  [
    /^A[.!?]?$|(?<![\p{L}\d])A(?=, [\p{Lu}\d](?![\p{L}\d']))|(?<=(?<![\p{L}\d])(?:[\p{Lu}\d]|dash|dot|slash|at|plus), )A(?![\p{L}\d'])/gu,
    (all) => all.replace('A', 'ay'),
  ],

  ...abbreviations.map(([pattern, words]): Rule => [pattern, () => words]),
  [/\b24\s?\/\s?7\b/g, () => 'twenty-four seven'],

  // Days and dates.
  [
    new RegExp(`\\b(${dayPattern})\\b\\.?\\s*[-–—]\\s*(${dayPattern})\\b\\.?`, 'g'),
    (_, from = '', to = '') => `${days[from]} to ${days[to]}`,
  ],
  [
    new RegExp(`\\b(${dayPattern})\\b\\.?(?=\\s?[:,&/]|\\s\\d|\\s(?:and|or|to|at|from)\\b)`, 'g'),
    (_, name = '') => days[name] ?? name,
  ],
  [new RegExp(`(?<=(?:day|[,&/]|and|or|to) ?)\\b(${dayPattern})\\b\\.?`, 'g'), (_, name = '') => days[name] ?? name],
  [/\b(\d{4})-(\d\d)-(\d\d)\b/g, (all, y, m, d) => date(Number(m), Number(d), y) ?? inGroups(all)],
  [
    /\b(\d{1,2})\/(\d{1,2})\/(\d{4}|\d\d)\b/g,
    (all, a, b, y) => date(Number(a), Number(b), y) ?? date(Number(b), Number(a), y) ?? all.replaceAll('/', ' slash '),
  ],
  [/\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/g, (all, d, m, y) => date(Number(m), Number(d), y) ?? inGroups(all)],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${monthPattern})(?!\\w)(?:,? (\\d{4})\\b)?`, 'g'),
    (all, d, m, y) =>
      Number(d) >= 1 && Number(d) <= 31
        ? `the ${ordinal(Number(d))} of ${monthOf(m)}${y ? ` ${year(Number(y))}` : ''}`
        : all,
  ],
  [
    new RegExp(`\\b(${monthPattern}) (\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])(?:,? (\\d{4})\\b)?`, 'g'),
    (all, m, d, y) =>
      Number(d) >= 1 && Number(d) <= 31 ? `${monthOf(m)} ${ordinal(Number(d))}${y ? `, ${year(Number(y))}` : ''}` : all,
  ],
  [new RegExp(`\\b(${monthPattern}),? (\\d{4})\\b`, 'g'), (_, m, y) => `${monthOf(m)} ${year(Number(y))}`],

  // Numbers that are dialled or typed.
  [/(?<![\w.]|\d[ .-])(?:\d{3}|\(\d{3}\))[ .-]\d{3}[ .-]\d{4}(?![\w-])/g, inGroups],
  [
    /(?<![\w.])(\+)?(\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]\d{2,4}){2,5})(?![\w-])/g,
    (all, plus, number = '') =>
      (number.match(/\d/g) ?? []).length >= 9 ? `${plus ? 'plus ' : ''}${inGroups(number)}` : all,
  ],
  [/(?<![\w.])\+(\d{7,15})(?!\d)/g, (_, number) => `plus ${figure(number ?? '')}`],
  [/(?<![\w.-])\d{3}-\d{4}(?![\w-])/g, inGroups],
  [/(?<![\w.])\d+(?:-\d+){2,}(?![\w])/g, inGroups],
  [/\b(?:ext\.?|extension|x)[ .]?(\d+)\b/gi, (_, number) => `extension ${digits(number ?? '')}`],
  [
    /\b(dial|call|text|enter|press|pin|code|room|suite|zip|gate|flight)( (?:number |code |is )?)(\d{2,})(?![\d:/.,%-]\d|\s?(?:%|times|people|[ap]\.?m))/gi,
    (_, verb, between, number = '') => `${verb}${between}${number.length > 4 ? inThrees(number) : digits(number)}`,
  ],
  [/\*(\d+)/g, (_, number) => ` star ${digits(number ?? '')}`],
  [/(\d+)([#*])/g, (_, number, key) => `${digits(number ?? '')} ${key === '#' ? 'pound' : 'star'} `],

  // Money and measures.
  [
    new RegExp(
      `(USD|EUR|GBP|JPY|[$€£¥])\\s?(${amount})(?:\\.(\\d+))?(?:\\s?(thousand|million|billion|[kKMB])\\b)?`,
      'g',
    ),
    (_, sign = '', whole = '', decimals, scale) => spaced(money(sign, whole, decimals, scale)).trimEnd(),
  ],
  [
    new RegExp(`(?<![\\w.])(${amount})(?:[.,](\\d\\d))?\\s?([€£¥]|USD\\b|EUR\\b|GBP\\b|JPY\\b)`, 'g'),
    (_, whole = '', decimals, sign = '') => money(sign, whole, decimals),
  ],
  [
    new RegExp(`(${amount})(?:\\.(\\d+))?\\s?[-–—]\\s?(?=(?:${amount})(?:\\.\\d+)?\\s?%)`, 'g'),
    (_, whole = '', decimals) => `${quantity(whole, decimals)} to `,
  ],
  [
    new RegExp(`(${amount})(?:\\.(\\d+))?\\s?%`, 'g'),
    (_, whole = '', decimals) => `${quantity(whole, decimals)} percent`,
  ],

  // Times.
  [/\b(\d{1,2})\s?[-–—]\s?(?=\d{1,2}(?::[0-5]\d)?\s?[ap]\.?m\b)/gi, (_, hour) => `${cardinal(Number(hour))} to `],
  [/(?<=\d:[0-5]\d)\s?[-–—]\s?(?=\d)/g, () => ' to '],
  [
    /\b(0?[1-9]|1[0-2])(?::([0-5]\d))?\s?([ap])\.?m\b(?:\.(?=\s\p{Ll}|[,;]))?/giu,
    (_, hour = '', minute, half = '') => clock(hour, minute ?? '00', half.toLowerCase()),
  ],
  [/(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])(?:\s?h\b)?/g, (_, hour = '', minute = '') => clock(hour, minute)],
  [/(?<= M)\s?[-–—]\s?(?=\w)/g, () => ' to '],

  // Numbers among words.
  [/(?<![\d.,-])(\d{1,6})\s?[-–—]\s?(?=\d{1,6}(?![\d.]*-))/g, (_, from) => `${figure(from ?? '')} to `],
  [
    new RegExp(
      `(?<![\\w.])(${amount})(?:\\.(\\d+))?\\s?(${Object.keys(units)
        .sort((one, other) => other.length - one.length)
        .join('|')})(?![\\w/])`,
      'g',
    ),
    (_, whole = '', decimals, unit = '') =>
      `${quantity(whole, decimals)} ${units[unit]?.[whole === '1' && !decimals ? 0 : 1]}`,
  ],
  [
    /\b([1-9]\d?0|[12]\d\d0)s\b/g,
    (_, decade = '') =>
      (decade.length === 4 ? year(Number(decade)) : cardinal(Number(decade)))
        .replace(/y$/, 'ies')
        .replace(/(?<!s)$/, 's'),
  ],
  [/\b(\d{1,12})(?:st|nd|rd|th)\b/gi, (_, number) => ordinal(Number(number))],
  [/(?<![\d/])([12])\/([234])(?![\d/])|(?<![\d/])3\/4(?![\d/])/g, (all) => fractions[all] ?? all],
  [/(?<![\d/])(\d{1,2})\/(1[3-9]|2\d|3[01])(?![\d/])/g, (all, m, d) => date(Number(m), Number(d)) ?? all],
  [/#\s?(?=\d)/g, () => ' number '],
  [/(?<=^|[\s(])[-−](?=\d)/g, () => 'minus '],
  [/\+(?=\s?\d)/g, () => ' plus '],
  [/(\d)\/(?=\d)/g, (_, before) => `${before} slash `],
  [/\d{1,3}(?:,\d{3})+(?!\d)/g, (number) => spaced(quantity(number))],
  [/\d+(?:\.\d+)+/g, (number) => spaced(decimal(number))],
  [/\d+/g, (number) => spaced(figure(number))],

  // Signs that are left.
  [/#/g, () => ' pound '],
  [/\*/g, () => ' star '],
  [/&/g, () => ' and '],
  [/@/g, () => ' at '],
  [/%/g, () => ' percent '],
  [/°/g, () => ' degrees '],
  [/\band\/or\b/gi, () => 'and or'],
  [/(?<=\p{L})\/(?=\p{L})/gu, () => ' or '],
  [/(?<=\S) {2,}/g, () => ' '],
  [/ +(?=[.,;:!?)](?:\s|$))/g, () => ''],
  [/^ +| +$/g, () => ''],
]

const fractions: Record<string, string> = {
  '1/2': 'one half',
  '1/3': 'one third',
  '2/3': 'two thirds',
  '1/4': 'one quarter',
  '3/4': 'three quarters',
}

/** 3.14 has its digits one by one behind the point; versions have numbers between points. */
function decimal(number: string): string {
  const [whole = '', ...parts] = number.split('.')
  const [decimals = ''] = parts
  return parts.length === 1 ? quantity(whole, decimals) : [whole, ...parts].map((part) => figure(part)).join(' point ')
}
