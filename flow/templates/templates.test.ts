import { describe, expect, it } from 'vitest'
import { Calendar } from '../calendar.ts'
import { checkCalendar } from '../calendarCheck.ts'
import { check } from '../check.ts'
import { readFlow, writeFlow } from '../flow.ts'
import { cellsOf, Table } from '../table.ts'
import { templates } from './index.ts'
import type { Template } from './template.ts'

const all: [string, Template][] = Object.entries(templates)

describe.each(all)('%s', (_, { flow, calendars, tables, values }) => {
  it('has no problem and no warning, whatever is known of where it is', () => {
    const columns = Object.fromEntries(Object.entries(tables).map(([id, { table }]) => [id, table]))
    const names = { secret: {}, value: values }
    expect(check(flow, { shared: { calendars, tables: columns }, names, answers: ['+14255550100'] })).toEqual([])
  })
  it('is a flow as it would be read from a file', () => {
    expect(writeFlow(readFlow(JSON.parse(writeFlow(flow))))).toBe(writeFlow(flow))
  })
  it('brings hours that nothing is odd about, and rows that their tables can hold', () => {
    for (const calendar of Object.values(calendars)) {
      expect(Calendar.parse(calendar)).toEqual(calendar)
      expect(checkCalendar(calendar, Date.parse('2026-12-01T12:00:00Z'))).toEqual([])
    }
    for (const { table, rows } of Object.values(tables)) {
      expect(Table.parse(table)).toEqual(table)
      for (const row of rows) expect(cellsOf(table).parse(row)).toEqual(row)
    }
  })
})

it('no two of them have one name, and what has one name is one thing', () => {
  const names = all.map(([, { flow }]) => flow.name)
  expect(new Set(names).size).toBe(names.length)
  const brought = all.flatMap(([, { calendars, tables }]) => [
    ...Object.entries(calendars).map(([id, { name }]) => [id, name]),
    ...Object.entries(tables).map(([id, { table }]) => [id, table.name]),
  ])
  expect(new Map(brought.map(([id, name]) => [name, id])).size).toBe(new Set(brought.map(([id]) => id)).size)
})
