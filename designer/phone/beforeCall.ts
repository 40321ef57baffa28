import * as z from 'zod'
import { type Calendar, type Calendars, wallTime } from '#flow/calendar.ts'
import { instantsOf } from '#flow/calendarAhead.ts'
import type { Flow } from '#flow/flow.ts'
import { fitsType } from '#flow/values.ts'
import { readCalled } from '#ground/called.ts'
import { clockOf } from '../hours/draft.ts'
import { readInitial } from '../inspector/initial.ts'
import type { TestCaller } from '../wire.ts'

/** What somebody sets before a test call, as they type it. */
export type BeforeCall = {
  name: string
  /** Empty: somebody of the organisation calls, by name. */
  phone: string
  /** The clocks on the wall when the call begins; null: now. */
  when: { day: string; time: string } | null
  /** By variable, in place of its first value; an empty one leaves that. */
  values: Readonly<Record<string, string>>
}

/** What is dialled; `at` in milliseconds since 1970, null: now. */
export type Wanted = { flow: Flow; caller: TestCaller; at: number | null }
/** What cannot be read of what was typed. */
export type Faults = { phone: boolean; when: boolean; values: ReadonlySet<string> }

const Choice = z.object({ calendar: z.object({ id: z.string() }) })

/** The hours that the blocks of a flow go by, each once. */
export function hoursOf({ blocks }: Flow, calendars: Calendars): Calendar[] {
  const ids = Object.values(blocks).flatMap(({ settings }) => Choice.safeParse(settings).data?.calendar.id ?? [])
  return [...new Set(ids)].flatMap((id) => (Object.hasOwn(calendars, id) ? (calendars[id] ?? []) : []))
}

/** Whose clocks a time is set by: those of the hours, else the flow's own, else the reader's. */
export const zoneOf = ({ timeZone }: Flow, [first]: readonly Calendar[]): string =>
  first?.timeZone ?? timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone

/** A moment as fields for day and time have it. */
export function whenAt(at: number, timeZone: string): NonNullable<BeforeCall['when']> {
  const { day, minutes } = wallTime(at, timeZone)
  return { day, time: clockOf(minutes) }
}

/** The instant of a day and a time; null for what is none, or more than ten years away. Of an hour that comes twice, the first. */
export function instantAt(
  { day, time }: NonNullable<BeforeCall['when']>,
  timeZone: string,
  now: number,
): number | null {
  if (!z.iso.date().safeParse(day).success || !z.iso.time({ precision: -1 }).safeParse(time).success) return null
  const [at] = instantsOf(day, time, timeZone)
  return at !== undefined && Math.abs(at - now) < farMs ? at : null
}
const farMs = 10 * 365 * 86_400_000

/** What a test call is made by. Values that are set begin the flow of this call, and stay out of its draft. */
export function wantedBy(set: BeforeCall, flow: Flow, timeZone: string, now: number): Wanted | { faults: Faults } {
  const phone = set.phone.trim() === '' ? null : readCalled(set.phone)
  const at = set.when && instantAt(set.when, timeZone, now)
  const values = new Set<string>()
  const variables = Object.entries(flow.variables).map(([name, variable]) => {
    const initial = readInitial(variable.type, set.values[name] ?? '')
    if (initial === undefined) return [name, variable] as const
    if (!fitsType(variable.type, initial)) values.add(name)
    return [name, { ...variable, initial }] as const
  })
  const faults = {
    phone: set.phone.trim() !== '' && !phone?.startsWith('+'),
    when: set.when !== null && at === null,
    values,
  }
  if (faults.phone || faults.when || values.size > 0) return { faults }
  const caller = { name: set.name.trim(), ...(phone !== null && { phone }) }
  return { flow: { ...flow, variables: Object.fromEntries(variables) }, caller, at }
}
