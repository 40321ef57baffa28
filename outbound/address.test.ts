import { describe, expect, it } from 'vitest'
import { isPublicAddress, readTarget } from './address.ts'
import { OutboundError } from './error.ts'
import { addressesInside, addressesOutside, goodUrls, urlsInside } from './testing/addresses.ts'

/** Goal S5: what a request of a flow may not reach, in all the ways in which it can be written. */

const reasonFor = (url: string, localServices: readonly string[] = []): string => {
  try {
    readTarget(url, localServices)
    return ''
  } catch (error) {
    if (error instanceof OutboundError && error.code === 'blocked') return error.reason
    throw error
  }
}

it.each(addressesInside)('%s is no address of the public internet', (address) =>
  expect(isPublicAddress(address)).toBe(false),
)
it.each(addressesOutside)('%s is one', (address) => expect(isPublicAddress(address)).toBe(true))

it.each(Object.entries(urlsInside).flatMap(([reason, urls]) => urls.map((url) => [url, reason])))(
  '%s is refused: %s',
  (url, reason) => expect(reasonFor(url)).toBe(reason),
)
it.each(goodUrls)('%s may be asked', (url) => expect(reasonFor(url)).toBe(''))

it('has looked at as many as the goal names', () => {
  const urls = Object.values(urlsInside).flat()
  expect(new Set([...urls, ...addressesInside]).size).toBeGreaterThanOrEqual(150)
  expect(new Set(goodUrls).size).toBeGreaterThanOrEqual(20)
})

describe('a service of this machine', () => {
  it('may be asked where it is named, host and port', () => {
    const local = ['localhost:4010', '127.0.0.1:4010']
    expect(reasonFor('http://localhost:4010/tickets', local)).toBe('')
    expect(reasonFor('http://127.1:4010/', local)).toBe('')
  })
  it.each([
    'http://localhost:4011/',
    'http://localhost/',
    'http://127.0.0.2:4010/',
    'ftp://localhost:4010/',
    'http://a@localhost:4010/',
  ])('but not %s', (url) => expect(reasonFor(url, ['localhost:4010', '127.0.0.1:4010'])).not.toBe(''))
})
