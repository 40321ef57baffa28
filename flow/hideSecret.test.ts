import { expect, it } from 'vitest'
import { hideSecret } from './hideSecret.ts'

const secret = `a"b\\c/d+e f=g&h<i>'é`
const hidden = hideSecret(secret, 'bot')

it.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ['in JSON of PHP', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/').replace('é', '\\u00e9')],
  [
    'in JSON of Go',
    JSON.stringify(secret).slice(1, -1).replace('&', '\\u0026').replace('<', '\\u003c').replace('>', '\\u003e'),
  ],
  ['in JSON of .NET', 'a\\u0022b\\\\c/d\\u002Be f=g\\u0026h\\u003Ci\\u003E\\u0027\\u00E9'],
  ['in an address', encodeURIComponent(secret)],
  ['in an address, in small letters', encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase())],
  ['in fields', new URLSearchParams({ '': secret }).toString().slice(1)],
  ['in a page', 'a&quot;b\\c/d+e f=g&amp;h&lt;i&gt;&#39;é'],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['with its user', Buffer.from(`bot:${secret}`).toString('base64')],
  ['with its user, in an address', encodeURIComponent(Buffer.from(`bot:${secret}`).toString('base64'))],
])('takes a secret out of an answer: %s', (_, form) => expect(hidden(`x ${form} y ${form}`)).toBe('x ••• y •••'))

it('leaves the rest as it is', () => expect(hidden('{"state": "open"}')).toBe('{"state": "open"}'))
