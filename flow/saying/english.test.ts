import { describe, expect, it } from 'vitest'
import { FlowError } from '../error.ts'
import type { Value } from '../values.ts'
import { english } from './english.ts'

const items = (count: number) => Array.from({ length: count }, (_, n) => `item ${n + 1}`)

describe('by what it is', () => {
  it.each<[Value, string]>([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['  two\n lines ', 'two lines'],
    ['2026-11-30', '2026-11-30'],
    ['', ''],
    [null, ''],
    [true, 'yes'],
    [false, 'no'],
    [0, '0'],
    [-0, '0'],
    [7, '7'],
    [-5, 'minus 5'],
    [-0.5, 'minus 0.5'],
    [12.5, '12.5'],
    [0.1 + 0.2, '0.3'],
    [1 / 3, '0.333333'],
    [0.000_000_1, '0'],
    [-0.000_000_1, '0'],
    [999, 'nine hundred ninety-nine'],
    [112, 'one hundred twelve'],
    [911, 'nine hundred eleven'],
    [911.5, '911.5'],
    [120, '120'],
    [1000, '1,000'],
    // No year, and no telephone number.
    [2026, '2,026'],
    [1_000_000, '1,000,000'],
    [-1_234_567.25, 'minus 1,234,567.25'],
    [999_999_999_999, '999,999,999,999'],
    [{ id: 'b1f5', name: 'Adele Vance' }, 'Adele Vance'],
    [[], 'none'],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [[1, true, { name: 'x' }], '1, yes and x'],
    [items(11), `${items(10).join(', ')} and item 11`],
    [items(20), `${items(10).join(', ')} and 10 more`],
    [items(100), `${items(10).join(', ')} and 90 more`],
  ])('%j is %j', (value, words) => expect(english.plain(value)).toBe(words))

  it.each<Value>([{ id: '1' }, {}, [{ id: '1' }], 1e15, -1e300, { name: 3 }])('%j is not read out', (value) =>
    expect(() => english.plain(value)).toThrow(FlowError),
  )
})

describe('digits', () => {
  it.each<[Value, string]>([
    ['', ''],
    ['7', '7'],
    ['007', '0 0 7'],
    ['12345', '1 2 3 4 5'],
    ['123456', '1 2 3 4 5 6'],
    ['1234567', '1 2 3, 4 5 6 7'],
    ['4255550142', '4 2 5, 5 5 5, 0 1 4 2'],
    ['+14255550142', 'plus 1 4 2, 5 5 5, 5 0 1, 4 2'],
    ['+49 30 5550-0142', 'plus 4 9 3, 0 5 5, 5 0 0, 1 4 2'],
    ['1*2#', '1 star 2 hash'],
    ['*', 'star'],
    [911, '9 1 1'],
    [0, '0'],
  ])('%j is %j', (value, words) => expect(english.digits(value)).toBe(words))

  it.each<Value>(['12a', 'abc', -1, 1.5, true, null, ['1'], '1'.repeat(61), '1+1'])('%j are none', (value) =>
    expect(() => english.digits(value)).toThrow(FlowError),
  )
})

describe('spelled', () => {
  it.each<[Value, string]>([
    ['', ''],
    ['ab12', 'A, B, 1, 2'],
    ['A-7.x', 'A, dash, 7, dot, X'],
    ['a b', 'A, B'],
    ['x@y.z/_', 'X, at, Y, dot, Z, slash, underscore'],
    ['é', 'É'],
    ['*#', 'star, hash'],
    [12, '1, 2'],
  ])('%j is %j', (value, words) => expect(english.spelled(value)).toBe(words))

  it.each<Value>([true, null, ['a'], {}, 'x'.repeat(61)])('%j is not spelled', (value) =>
    expect(() => english.spelled(value)).toThrow(FlowError),
  )
})

describe('money', () => {
  it.each<[Value, string, string]>([
    [12.5, 'EUR', '12.50 EUR'],
    [12, 'EUR', '12.00 EUR'],
    [0, 'EUR', '0.00 EUR'],
    [0.05, 'usd', '0.05 USD'],
    [-12.5, 'EUR', 'minus 12.50 EUR'],
    [-0.001, 'EUR', '0.00 EUR'],
    [1.005, 'EUR', '1.01 EUR'],
    [0.1 + 0.2, 'GBP', '0.30 GBP'],
    [1_000_000, 'EUR', '1,000,000.00 EUR'],
    ['12.50', 'EUR', '12.50 EUR'],
    [1500, 'JPY', '1,500 JPY'],
    [1500.4, 'JPY', '1,500 JPY'],
    [1, 'CHF', '1 Swiss franc'],
    [12.5, 'CHF', '12 Swiss francs and 50 centimes'],
    [0.01, 'CHF', '1 centime'],
    [0, 'CHF', '0 Swiss francs'],
    [-3, 'DKK', 'minus 3 Danish kroner'],
    [2.5, 'XYZ', '2.50 X, Y, Z'],
  ])('%j %s is %j', (value, currency, words) => expect(english.money(value, currency)).toBe(words))

  it.each<[Value, string]>([
    ['a', 'EUR'],
    ['', 'EUR'],
    [null, 'EUR'],
    [true, 'EUR'],
    [1e13, 'EUR'],
    [1, '€'],
    [1, 'euros'],
  ])('%j %s is none', (value, currency) => expect(() => english.money(value, currency)).toThrow(FlowError))
})

describe('a date', () => {
  it.each<[Value, string, string]>([
    ['2026-11-30', 'DMY', 'November 30, 2026'],
    ['2026-11-30T23:30:00Z', 'DMY', 'November 30, 2026'],
    ['2028-02-29', 'DMY', 'February 29, 2028'],
    ['2000-02-29', 'MDY', 'February 29, 2000'],
    ['1999-12-31', 'DMY', 'December 31, 1999'],
    ['0099-01-01', 'DMY', 'January 1, 0099'],
    ['30112026', 'DMY', 'November 30, 2026'],
    ['11302026', 'MDY', 'November 30, 2026'],
    ['20261130', 'YMD', 'November 30, 2026'],
    ['', 'DMY', ''],
  ])('%j in the order %s is %j', (value, order, words) => expect(english.date(value, order)).toBe(words))

  it.each<[Value, string]>([
    ['2026-02-29', 'DMY'],
    ['1900-02-29', 'DMY'],
    ['2026-13-01', 'DMY'],
    ['2026-00-10', 'DMY'],
    ['31042026', 'DMY'],
    ['30112026', 'MDY'],
    ['30.11.2026', 'DMY'],
    ['tomorrow', 'DMY'],
    [30_112_026, 'DMY'],
    [true, 'DMY'],
    ['2026-11-30', 'XYZ'],
  ])('%j in the order %s is none', (value, order) => expect(() => english.date(value, order)).toThrow(FlowError))
})

describe('a time', () => {
  it.each<[Value, string]>([
    ['00:00', 'midnight'],
    ['24:00', 'midnight'],
    ['12:00', 'noon'],
    ['12:30', '12:30 PM'],
    ['00:30', '12:30 AM'],
    ['9:05', '9:05 AM'],
    ['09:00', '9:00 AM'],
    ['1730', '5:30 PM'],
    ['17:30:59', '5:30 PM'],
    ['2026-11-30T08:15:00+01:00', '8:15 AM'],
    ['', ''],
  ])('%j is %j', (value, words) => expect(english.time(value)).toBe(words))

  it.each<Value>(['24:30', '25:00', '12:60', '9', 'noon', 1730, false])('%j is none', (value) =>
    expect(() => english.time(value)).toThrow(FlowError),
  )
})
