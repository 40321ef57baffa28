import { describe, expect, it } from 'vitest'
import { ApiError } from './error.ts'
import { chooseTheme, themeOf } from './themes.ts'
import { errorWords, isToday, lengthOf, whenOf } from './words.ts'

const now = new Date(2026, 10, 20, 10, 42)
const on = (month: number, day: number, hour: number, year = 2026) =>
  new Date(year, month - 1, day, hour, 5).toISOString()

describe('a time', () => {
  it('of today and yesterday says so, others are dates', () => {
    expect(whenOf(on(11, 20, 9), now)).toMatch(/^Today, /)
    expect(whenOf(on(11, 19, 23), now)).toMatch(/^Yesterday, /)
    expect(whenOf(on(11, 18, 9), now)).not.toMatch(/2026|day/)
    expect(whenOf(on(11, 18, 9, 2025), now)).toMatch(/2025/)
  })

  it('a minute before midnight is not today', () => {
    expect(isToday(new Date(2026, 10, 19, 23, 59).toISOString(), now)).toBe(false)
    expect(isToday(new Date(2026, 10, 20, 0, 0).toISOString(), now)).toBe(true)
  })
})

it.each([
  [0, '0:00'],
  [-5, '0:00'],
  [9_999, '0:09'],
  [920_000, '15:20'],
  [3_723_000, '1:02:03'],
])('%d ms are %j', (ms, words) => expect(lengthOf(ms)).toBe(words))

describe('an error', () => {
  it('is told in our own words where there are some, else in the server’s with what to do', () => {
    expect(errorWords(new ApiError(503, { code: 'unavailable', message: 'x' }))).toMatch(/database/)
    expect(errorWords(new ApiError(418, { code: 'odd', message: 'Odd.', next: 'Do this.' }))).toBe('Odd. Do this.')
    expect(errorWords(new TypeError('x is undefined'))).not.toMatch(/undefined/)
  })
})

describe('the theme', () => {
  it('of Teams weighs more than the address, and that more than the system', () => {
    const system = { dark: true, contrast: false, address: null, host: null }
    expect(chooseTheme(system)).toBe('dark')
    expect(chooseTheme({ ...system, contrast: true })).toBe('contrast')
    expect(chooseTheme({ ...system, address: 'light' })).toBe('light')
    expect(chooseTheme({ ...system, address: 'light', host: 'contrast' })).toBe('contrast')
  })

  it.each([
    ['default', 'light'],
    ['dark', 'dark'],
    ['contrast', 'contrast'],
    ['glass', 'dark'],
    ['something later', 'dark'],
  ])('%s of Teams is our %s', (name, ours) => expect(themeOf(name)).toBe(ours))
})
