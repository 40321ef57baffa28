import { language } from '../messages/languages.ts'
import { shellMessages } from '../messages/shell.ts'
import { ApiError } from './error.ts'

/** What went wrong, for people: our own words for codes that we know, else the server's, and what to do. */
export function errorWords(error: unknown): string {
  if (!(error instanceof ApiError)) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return shellMessages.errors[code] ?? shellMessages.errors.internal ?? ''
  }
  return shellMessages.errors[error.code] ?? [error.message, error.next].filter(Boolean).join(' ')
}

// How dates and times look is the reader's own choice.
const region = typeof navigator === 'undefined' ? language : navigator.language
const shortTime = new Intl.DateTimeFormat(region, { hour: 'numeric', minute: '2-digit' })
const longTime = new Intl.DateTimeFormat(region, { hour: 'numeric', minute: '2-digit', second: '2-digit' })
const dayAndMonth = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'short' })
const withYear = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'short', year: 'numeric' })

const grouped = new Intl.NumberFormat(region)

/** "1,000" */
export const numberWords = (number: number): string => grouped.format(number)
export const timeOf = (iso: string): string => shortTime.format(new Date(iso))
export const exactTimeOf = (iso: string): string => longTime.format(new Date(iso))

/** "Today, 10:42", "Yesterday, 22:14", "18 Nov", "18 Nov 2025". */
export function whenOf(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const days = daysBetween(at, now)
  if (days === 0) return shellMessages.days.today(shortTime.format(at))
  if (days === 1) return shellMessages.days.yesterday(shortTime.format(at))
  return dayOf(iso, now)
}

/** "Yesterday", "18 Nov", "18 Nov 2025". */
export const dayWords = (iso: string, now = new Date()): string =>
  daysBetween(new Date(iso), now) === 1 ? shellMessages.days.dayBefore : dayOf(iso, now)

/** "18 Nov", "18 Nov 2025". */
function dayOf(iso: string, now = new Date()): string {
  const at = new Date(iso)
  return (at.getFullYear() === now.getFullYear() ? dayAndMonth : withYear).format(at)
}

/** A moment as people say it: the time alone today, with the day otherwise. */
export const momentOf = (iso: string): string => (isToday(iso) ? timeOf(iso) : whenOf(iso))

export const isToday = (iso: string, now = new Date()): boolean => daysBetween(new Date(iso), now) === 0

function daysBetween(at: Date, now: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.round((midnight(now) - midnight(at)) / 86_400_000)
}

/** "0:09", "15:20", "1:02:03". */
export function lengthOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (number: number) => String(number).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
