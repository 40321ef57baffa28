import { cardinal, ordinal, year } from './numbers.ts'

const months = 'January February March April May June July August September October November December'.split(' ')
const shortMonths = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
/** A month in full or in short, as a pattern. */
export const monthPattern =
  'Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?\\.?|July?\\.?|Aug(?:ust|\\.)?|Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?'
export const monthOf = (name = '') => months[shortMonths.indexOf(name.slice(0, 3))] ?? name
/** Days in short. */
export const days: Record<string, string> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Tues: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Thur: 'Thursday',
  Thurs: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
}
export const dayPattern = 'Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun'

/** Month and day in their order, if they are one. */
export function date(month: number, dayOfMonth: number, yearText = ''): string | null {
  const name = months[month - 1]
  if (!name || dayOfMonth < 1 || dayOfMonth > 31) return null
  const full = yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText)
  return `${name} ${ordinal(dayOfMonth)}${yearText ? `, ${year(full)}` : ''}`
}

/** A time of day; `half` is the a or p of a.m. and p.m. */
export function clock(hourText: string, minuteText = '00', half = ''): string {
  const [hour, minute] = [Number(hourText), Number(minuteText)]
  if (!half && (hour === 24 || hourText === '00' || hourText === '0') && minute === 0) return 'midnight'
  // Only the 24 hours write nine as 09 and five as 17.
  const of24 = !half && (hour > 12 || hourText.startsWith('0'))
  const letter = half || (of24 ? (hour < 12 || hour === 24 ? 'a' : 'p') : '')
  const said = [cardinal(hour % 12 || 12)]
  if (minute > 0) said.push(minute < 10 ? `oh ${cardinal(minute)}` : cardinal(minute))
  if (letter) said.push(`${letter.toUpperCase()} M`)
  else if (minute === 0) said.push("o'clock")
  return said.join(' ')
}
