import fc from 'fast-check'
import { expect, it } from 'vitest'
import { settingsSchema } from '../settings.ts'
import { localAddress } from './addresses.ts'

const addresses = { 'https://bot.example.com': 'http://127.0.0.1:3978' }

it('leads a public origin to where it lives, path and query and all', () => {
  const there = 'https://bot.example.com/api/prompts/a.wav?sig=1'
  expect(localAddress(addresses, there).href).toBe('http://127.0.0.1:3978/api/prompts/a.wav?sig=1')
})

it.each([
  ['https://bot.example.com//example.org/x', '//example.org/x'],
  ['https://bot.example.com///example.org/x?a=//b', '///example.org/x?a=//b'],
  ['https://bot.example.com/\\example.org/x', '//example.org/x'],
  ['https://bot.example.com\\\\example.org/x', '//example.org/x'],
  ['https://bot.example.com/%2F/example.org/x', '/%2F/example.org/x'],
  ['https://bot.example.com/%5Cexample.org/x', '/%5Cexample.org/x'],
  ['https://bot.example.com/.//example.org/x', '//example.org/x'],
  ['https://bot.example.com/http://example.org/x', '/http://example.org/x'],
  ['https://bot.example.com/@example.org/x', '/@example.org/x'],
  ['https://user:password@bot.example.com//user:password@example.org/', '//user:password@example.org/'],
])('takes a path that looks like another host for a path: %s', (url, path) => {
  expect(localAddress(addresses, url).href).toBe(`http://127.0.0.1:3978${path}`)
})

it('leaves the machine for no path and no query whatsoever', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '@',
    ':',
    '?',
    '#',
    '%2f',
    '%5c',
    'http:',
    'example.org',
    '\t',
    'ü',
  )
  const ways = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)
  fc.assert(
    fc.property(ways, fc.constantFrom('https://bot.example.com', 'http://127.0.0.1:3978'), (way, origin) => {
      expect(localAddress(addresses, origin + way).origin).toBe('http://127.0.0.1:3978')
    }),
  )
})

it('leaves names and passwords behind', () => {
  expect(localAddress({}, 'http://user:password@127.0.0.1:1/a').href).toBe('http://127.0.0.1:1/a')
})

it.each(['http://127.0.0.1:8080/a', 'http://localhost/a', 'http://[::1]:1/a'])('lets %s be', (url) => {
  expect(localAddress({}, url).href).toBe(url)
})

it.each([
  'https://example.com/a',
  'https://bot.example.com:444/a',
  'https://bot.example.com.evil.example/a',
  'http://127.0.0.1.evil.example/a',
  'http://bot.localhost/a',
  'http://127.0.0.1@example.com/a',
  'https://bot.example.com@example.org/a',
  'http://evil-localhost/a',
  'not a url',
])('goes nowhere for %s', (url) => {
  expect(() => localAddress(addresses, url)).toThrow()
})

it('takes addresses with a path for their origins', () => {
  const app = { appId: 'a', secret: 's', tenantId: 't', webhook: null, permissions: [] }
  const settings = settingsSchema.parse({
    apps: [app],
    addresses: { 'https://Bot.Example.com/': 'http://127.0.0.1:3978/x' },
  })
  expect(settings.addresses).toEqual(addresses)
})
