import { expect, it } from 'vitest'
import { calledOf } from './called.ts'

it.each([
  ['+14255550100', '+14255550100'],
  [' +1 (425) 555-0100 ', '+14255550100'],
  ['+49 30/123.456–7', '+49301234567'],
  ['0049 30 1234567', '+49301234567'],
  ['550FAE72-D251-43EC-868C-373732C2704F', '550fae72-d251-43ec-868c-373732c2704f'],
  ['4255550100', null],
  ['+0', null],
  ['reception', null],
  ['550fae72-d251-43ec', null],
  ['', null],
])('reads %j as %j', (text, called) => expect(calledOf(text)).toBe(called))
