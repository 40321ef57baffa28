import { expect, it } from 'vitest'
import { contentSecurityPolicy } from './contentSecurityPolicy.ts'

const policy = contentSecurityPolicy('n0nce', { development: false, framed: false })
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

it('lets TeamsJS ask for its list of hosts in a frame, and nothing else', () => {
  const framed = contentSecurityPolicy('n0nce', { development: false, framed: true })
  const [, connect = ''] = /connect-src ([^;]*)/.exec(framed) ?? []
  expect(connect).toBe("'self' https://res.cdn.office.net/teams-js/validDomains/json/validDomains.json")
  expect(framed.replace(/; connect-src [^;]*/, '')).toBe(policy)
})

it('runs no script without the nonce of its page', () => {
  expect(directive('script-src')).toBe("script-src 'self' 'nonce-n0nce'")
})
