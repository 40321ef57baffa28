import { expect, it } from 'vitest'
import { settingsSchema } from '../settings.ts'
import { isLoopback, localAddress } from './addresses.ts'

const addresses = { 'https://bot.example.com': 'http://127.0.0.1:3978' }

it('leads a public origin to where it lives, path and query and all', () => {
  const there = 'https://bot.example.com/api/prompts/a.wav?sig=1'
  expect(localAddress(addresses, there).href).toBe('http://127.0.0.1:3978/api/prompts/a.wav?sig=1')
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
  'http://evil-localhost/a',
  'not a url',
])('goes nowhere for %s', (url) => {
  expect(() => localAddress(addresses, url)).toThrow()
})

it('knows this machine by its names', () => {
  for (const name of ['127.0.0.1', '127.9.9.9', '[::1]', 'localhost', 'bot.localhost'])
    expect(isLoopback(name)).toBe(true)
  for (const name of ['example.com', '127.0.0.1.example.com', 'notlocalhost', '10.0.0.1'])
    expect(isLoopback(name)).toBe(false)
})

it('takes addresses with a path for their origins', () => {
  const app = { appId: 'a', secret: 's', tenantId: 't', webhook: null, permissions: [] }
  const settings = settingsSchema.parse({
    apps: [app],
    addresses: { 'https://Bot.Example.com/': 'http://127.0.0.1:3978/x' },
  })
  expect(settings.addresses).toEqual(addresses)
})
