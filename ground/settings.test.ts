import { expect, it } from 'vitest'
import * as z from 'zod'
import { databaseUrl, faultsOf, namedIn, optional, port, publicUrl } from './settings.ts'

const Environment = z.object({
  PORT: port.default(3000),
  DATABASE_URL: optional(databaseUrl),
  PUBLIC_URL: optional(publicUrl),
  BOT_APP_ID: z.guid('must be a GUID'),
  BOT_APP_SECRET: optional(z.string().min(10, 'must have ten characters')),
})
const good = { BOT_APP_ID: '7d3b8c1e-58f5-4a0e-9b52-3a8a4a1f2c11' }
const faults = (environment: Record<string, string>) => {
  const { error } = Environment.safeParse({ ...good, ...environment })
  return error ? faultsOf(error, { ...good, ...environment }) : ''
}

it('takes what is right, and what is left empty', () => {
  expect(faults({ DATABASE_URL: '', PUBLIC_URL: '', BOT_APP_SECRET: '', PORT: '0' })).toBe('')
  expect(faults({ DATABASE_URL: 'postgres://h/d', PUBLIC_URL: 'https://bot.contoso.com' })).toBe('')
})

it.each<[string, Record<string, string>, string]>([
  [
    'a word for an address',
    { DATABASE_URL: 'banana' },
    'DATABASE_URL is "banana"; it must be the address of a PostgreSQL',
  ],
  ['http for https', { PUBLIC_URL: 'http://x' }, 'PUBLIC_URL is "http://x"; it must be an https address'],
  ['a word for a port', { PORT: 'abc' }, 'PORT is "abc"; it must be a port'],
  ['a port that is none', { PORT: '70000' }, 'PORT is "70000"; it must be a port'],
  ['nothing where something is needed', { BOT_APP_ID: '' }, 'BOT_APP_ID is not set; it must be a GUID.'],
])('names setting, value and remedy of %s', (_what, environment, words) => expect(faults(environment)).toContain(words))

it('repeats nothing that may be secret', () => {
  expect(faults({ BOT_APP_SECRET: 'hunter2' })).toBe('BOT_APP_SECRET must have ten characters.')
  expect(faults({ DATABASE_URL: 'mysql://root:hunter2@host/d' })).not.toContain('hunter2')
  expect(faults({ DATABASE_URL: 'mysql://host/d?user=root&password=hunter2' })).not.toContain('hunter2')
  expect(faults({ DATABASE_URL: 'host=h dbname=d password=hunter2' })).not.toContain('hunter2')
  expect(faults({ PUBLIC_URL: `http://${'x'.repeat(500)}` }).length).toBeLessThan(250)
})

it('has a line for each', () => expect(faults({ PORT: 'abc', PUBLIC_URL: 'x' }).split('\n')).toHaveLength(2))

it('reads secrets with the hosts that they may go to, and refuses what is no host', () => {
  const given = { FLOW_SECRET_a: 'x', FLOW_HOSTS_a: ' CRM.example.com, localhost:4010,', FLOW_SECRET_b: 'y' }
  expect([...namedIn(given).secrets]).toEqual([
    ['a', { text: 'x', hosts: ['crm.example.com', 'localhost:4010'] }],
    ['b', { text: 'y', hosts: [] }],
  ])
  expect(() => namedIn({ ...given, FLOW_HOSTS_a: '*.example.com' })).toThrow('FLOW_HOSTS_a must name hosts')
})
