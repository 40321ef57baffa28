import { expect, it } from 'vitest'
import { isLoopbackHost, isLoopbackName, isLoopbackUrl } from './loopback.ts'

it.each(['localhost', 'bot.localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.10', '[::1]'])(
  '%s is this machine',
  (name) => {
    expect(isLoopbackName(name)).toBe(true)
    expect(isLoopbackUrl(`http://${name}:3000/path`)).toBe(true)
    expect(isLoopbackHost(name)).toBe(true)
    expect(isLoopbackHost(`${name}:3000`)).toBe(true)
  },
)

it.each(['example.com', 'localhost.example.com', 'notlocalhost', '10.0.0.1', '127.0.0.1.nip.io', '[::2]'])(
  '%s is not',
  (name) => {
    expect(isLoopbackName(name)).toBe(false)
    expect(isLoopbackUrl(`http://${name}`)).toBe(false)
    expect(isLoopbackHost(name)).toBe(false)
  },
)

it('takes no trick for an address of this machine', () => {
  for (const host of ['', 'localhost@example.com']) expect(isLoopbackHost(host)).toBe(false)
  for (const url of ['', 'banana', 'localhost', 'http://localhost@example.com']) expect(isLoopbackUrl(url)).toBe(false)
})
