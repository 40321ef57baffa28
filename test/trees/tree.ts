import { Calendar } from '#flow/calendar.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block } from '#flow/testing/draw.ts'
import { emptyValue, type Value, type ValueType } from '#flow/values.ts'
import type { Scenario } from '../paths/acts.ts'

/** What a node of a real phone tree is shown by: one call that takes these exits (`block exit`), and in which this is heard. */
export type Node = { meets: string } & ({ takes: readonly string[]; heard: string } | { later: string })

/** One of the real phone trees, rebuilt: see README.md. */
export type Tree = Scenario & { nodes: readonly Node[] }

/** `takes`: exits with commas between. */
export const node = (meets: string, takes: string, heard = ''): Node => ({ meets, takes: takes.split(', '), heard })
export const later = (meets: string, why: string): Node => ({ meets, later: why })

/** Asks a service; which of its statuses have a way of their own is told by the exits. */
export const http = (
  url: string,
  map: Record<string, string>,
  exits: Record<string, string>,
  more: Record<string, Value> = {},
): Block =>
  block(
    'httpRequest',
    {
      url: `https://service.example${url}`,
      map: Object.entries(map).map(([variable, value]) => ({ variable, value })),
      statuses: Object.keys(exits).filter((name) => /^[1-5]/.test(name)),
      ...more,
    },
    exits,
  )

export const post = (url: string, json: string, map: Record<string, string>, exits: Record<string, string>): Block =>
  http(url, map, exits, { method: 'POST', bodyKind: 'json', json })

/** Variables, by their type: names with spaces between. */
export const declared = (types: Partial<Record<ValueType, string>>): Flow['variables'] =>
  Object.fromEntries(
    (Object.entries(types) as [ValueType, string][]).flatMap(([type, names]) =>
      names.split(' ').map((name) => [name, { type, initial: emptyValue[type] }]),
    ),
  )

/** However a service fails, callers come to the same block. */
export const away = (to: string) => ({ other: to, network: to })

export const record = (prompt: string, exits: Record<string, string>, more: Record<string, Value> = {}): Block =>
  block('recordMessage', { prompt, ...more }, exits)

/** From Monday to Friday, by these hours; holidays by `MM-DD` every year. */
export const weekdaysOf = (
  name: string,
  timeZone: string,
  hours: readonly [from: string, to: string],
  holidays: Record<string, string> = {},
): Calendar =>
  Calendar.parse({
    ...{ name, timeZone, week: weekOf(hours) },
    holidays: Object.entries(holidays).map(([day, name]) => ({
      name,
      from: `2026-${day}`,
      to: `2026-${day}`,
      yearly: true,
    })),
  })
