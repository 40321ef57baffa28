import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCalled, readCaller } from './called.ts'

const id = '550fae72-d251-43ec-868c-373732c2704f'

it.each([
  ['+14255550100', '+14255550100'],
  [' +1 (425) 555-0100 ', '+14255550100'],
  ['+49 30/123.456–7', '+49301234567'],
  ['0049 30 1234567', '+49301234567'],
  ['+49 (0)30 1234567', '+49301234567'],
  ['tel:+1-425-555-0100', '+14255550100'],
  ['TEL:+14255550100', '+14255550100'],
  ['callto:+14255550100', '+14255550100'],
  ['4:+14255550100', '+14255550100'],
  ['＋１４２５５５５０１００', '+14255550100'],
  ['\u202a+1\u00a0425\u202f555\u20110100\u202c', '+14255550100'],
  [id.toUpperCase(), id],
  [`{${id}}`, id],
  [`{${id.toUpperCase()}} `, id],
  [`urn:uuid:${id}`, id],
  [`8:orgid:${id}`, id],
  [`28:${id.toUpperCase()}`, id],
  [id.replaceAll('-', ''), id],
  ['4255550100', null],
  ['+0', null],
  ['+04255550100', null],
  ['+14255550100;ext=7', null],
  ['+1425555010012345', null],
  ['reception', null],
  ['550fae72-d251-43ec', null],
  [`{${id}`, null],
  ['', null],
])('reads %j as %j', (text, called) => expect(readCalled(text)).toBe(called))

describe('any spelling', () => {
  const upper = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toUpperCase(),
  )

  it('of an account is the same account', () => {
    const wrap = fc.constantFrom('$', ' $', '{$}', 'urn:uuid:$', '8:orgid:$', '28:$')
    fc.assert(
      fc.property(fc.uuid(), wrap, upper, fc.boolean(), (uuid, around, cased, dashes) => {
        const written = around.replace('$', dashes ? uuid : uuid.replaceAll('-', ''))
        expect(readCalled(cased(written))).toBe(uuid)
      }),
    )
  })

  it('of a number is the same number, and is its own spelling', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{6,14}$/)
    const signs = fc.array(fc.constantFrom('', ' ', '-', '.', '/', '\u00a0'), { minLength: 15, maxLength: 15 })
    fc.assert(
      fc.property(digits, signs, fc.constantFrom('+', '00', 'tel:+'), (all, between, head) => {
        const written = head + [...all].map((digit, n) => digit + between[n]).join('')
        const called = readCalled(written)
        expect(called).toBe(`+${all}`)
        expect(readCalled(called ?? '')).toBe(called)
      }),
    )
  })
})

it.each([
  ['+49', '+49'],
  ['0049 30', '+4930'],
  ['tel:+1-425', '+1425'],
  ['+1', '+1'],
  ['0E9E1F4B-9C55-4A8A-A9DE-6C1D3C7B2A10', '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10'],
  ['49', null],
  ['030', null],
  ['+', null],
  ['+0', null],
  ['Anna', null],
  ['', null],
])('%j as a caller is %j', (text, caller) => expect(readCaller(text)).toBe(caller))
