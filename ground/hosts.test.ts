import { expect, it } from 'vitest'
import { hostOf } from './hosts.ts'

it.each([
  ['crm.example.com', 'crm.example.com'],
  [' CRM.Example.com ', 'crm.example.com'],
  ['crm.example.com:443', 'crm.example.com'],
  ['crm.example.com:8443', 'crm.example.com:8443'],
  ['https://crm.example.com/api?x=1', 'crm.example.com'],
  ['http://localhost:4010/', 'localhost:4010'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['[::1]:4010', '[::1]:4010'],
  ['', null],
  ['a b', null],
  ['*.example.com', null],
  ['crm.example.com@evil.example', null],
  ['https://user:pw@crm.example.com/', null],
  ['crm.example.com:99999', null],
])('the host of %j is %j', (text, host) => expect(hostOf(text)).toBe(host))
