import { type Calendar, stateAt } from '#flow/calendar.ts'

/** Filled while open, a ring while closed; the words beside it say the same. */
export function Dot({ calendar, now }: { calendar: Calendar; now: number }) {
  const isOpen = stateAt(calendar, now).state === 'open'
  return <span className={isOpen ? 'hours-dot hours-open' : 'hours-dot'} aria-hidden="true" />
}
