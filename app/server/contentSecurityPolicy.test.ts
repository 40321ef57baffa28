import { expect, it } from 'vitest'
import { contentSecurityPolicy } from './contentSecurityPolicy.ts'

const policy = contentSecurityPolicy('n0nce', false)
const directive = (name: string) => policy.split('; ').find((one) => one.startsWith(`${name} `)) ?? ''

it('lets Teams and Microsoft 365 show the pages in a frame, and nobody else', () => {
  expect(directive('frame-ancestors').split(' ').slice(1)).toEqual([
    "'self'",
    'https://teams.microsoft.com',
    'https://*.teams.microsoft.com',
    'https://*.cloud.microsoft',
    'https://*.microsoft365.com',
    'https://*.office.com',
    'https://outlook.office.com',
    'https://outlook.office365.com',
  ])
})

it('loads nothing from another origin', () => {
  const others = policy.replace(directive('frame-ancestors'), '')
  expect(others).not.toMatch(/https?:|\*/)
  expect(directive('default-src')).toBe("default-src 'self'")
})

it('runs no script without the nonce of its page', () => {
  expect(directive('script-src')).toBe("script-src 'self' 'nonce-n0nce'")
})
