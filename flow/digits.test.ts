import { describe, expect, it } from 'vitest'
import { type DateOrder, digitsTest, type Format } from './digits.ts'

const fits = (format: Format, digits: string, { pattern = '', allowed = [] as string[] } = {}) =>
  digitsTest(format, pattern, allowed)?.(digits)

describe.each<[Format, right: string[], wrong: string[]]>([
  ['any', ['', '1', '*#', '0000000000'], []],
  [
    'luhn',
    ['4539578763621486', '79927398713', '18', '00'],
    ['4539578763621487', '79927398710', '79927398731', '0', '', '4539*57876', '1'],
  ],
  [
    'phone',
    ['4930123456', '004930123456', '0301234567', '123456789012345', '00123456789012345'],
    ['', '123', '1234567890123456', '000123456', '49*301234', '00', '0012'],
  ],
  [
    'date',
    ['31122026', '29022024', '29022000', '01010001', '29020004', '30041999'],
    [
      '31112026',
      '29022023',
      '29021900',
      '00012026',
      '32012026',
      '01132026',
      '01002026',
      '01010000',
      '3112026',
      '311220261',
      '',
    ],
  ],
])('%s', (format, right, wrong) => {
  it.each(right)('takes %j', (digits) => expect(fits(format, digits)).toBe(true))
  if (wrong.length > 0) it.each(wrong)('refuses %j', (digits) => expect(fits(format, digits)).toBe(false))
})

describe('a date in the order of the country', () => {
  const order = (order: DateOrder, digits: string) => digitsTest('date', '', [], order)?.(digits)
  it.each<[DateOrder, string]>([
    ['DMY', '31122026'],
    ['MDY', '12312026'],
    ['YMD', '20261231'],
    ['MDY', '02292024'],
    ['YMD', '20000229'],
    ['YMD', '00010101'],
  ])('%s takes %s', (one, digits) => expect(order(one, digits)).toBe(true))
  it.each<[DateOrder, string]>([
    ['DMY', '12312026'],
    ['MDY', '31122026'],
    ['YMD', '31122026'],
    ['MDY', '02292023'],
    ['YMD', '20230229'],
    ['YMD', '20261301'],
    ['YMD', '00000101'],
    ['MDY', '00102026'],
    ['MDY', '1231202'],
    ['YMD', '2026*231'],
  ])('%s refuses %s', (one, digits) => expect(order(one, digits)).toBe(false))
})

it('takes only whole entries of a list', () => {
  const allowed = ['123', '0456']
  expect(['123', '0456', '12', '456', '1230'].map((digits) => fits('list', digits, { allowed }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

it('matches a pattern against the whole entry', () => {
  const pattern = '7[0-9]{2}|8'
  expect(['712', '8', '7123', '81', '0712'].map((digits) => fits('pattern', digits, { pattern }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

it('has no test for a pattern that is refused', () => {
  expect(digitsTest('pattern', '(1+)+', [])).toBeNull()
})
