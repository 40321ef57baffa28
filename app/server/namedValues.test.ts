import { afterAll, expect, it, vi } from 'vitest'
import type { Bundle } from '#flow/bundle.ts'
import { nothingShared } from '#flow/shared.ts'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import type { Services } from './services.ts'

const process = globalThis as typeof globalThis & { services?: Services }
const before = process.services
afterAll(() => {
  if (before) process.services = before
  else delete process.services
})

const store = {
  namedValues: {
    list: async () => [
      {
        name: 'crmUrl',
        kind: 'value',
        plain: 'https://a.example.com',
        hosts: [],
        updatedAt: new Date(0),
        updatedBy: 'ada',
      },
      {
        name: 'crmToken',
        kind: 'secret',
        plain: null,
        hosts: ['a.example.com'],
        updatedAt: new Date(0),
        updatedBy: 'ada',
      },
    ],
    uses: async () => [
      { name: 'crmToken', kind: 'secret', flowId: 'f', flow: 'Desk' },
      { name: 'gone', kind: 'secret', flowId: 'f', flow: 'Desk' },
      { name: 'gone', kind: 'secret', flowId: 'g', flow: 'Night' },
      { name: 'fixedToken', kind: 'value', flowId: 'g', flow: 'Night' },
    ],
    set: vi.fn(async () => {}),
    setHosts: vi.fn(async () => {}),
    addHost: vi.fn(async () => {}),
    remove: vi.fn(async () => {}),
  },
  bundles: {
    bring: async (_: string, { bundle: { flow, flows } }: { bundle: Bundle }) => ({
      ...{ id: 'new', name: 'Test', flow, flows },
    }),
  },
  faces: { shared: async () => ({ shared: nothingShared, revision: 0 }) },
  sealed: { ready: true },
}

function ask(route: { [method: string]: unknown }, method: string, body?: unknown, name = '') {
  process.services = {
    settings: {
      tenantId: 't',
      named: { values: new Map(), secrets: new Map([['fixedToken', { text: 'canary', hosts: ['b.example.com'] }]]) },
      local: { emulatorUrl: 'http://127.0.0.1:1' },
    },
    store,
  } as unknown as Services
  const handle = route[method] as (request: Request, given: { params: Promise<unknown> }) => Promise<Response>
  const init = {
    method,
    headers: { host: 'localhost:3000' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  return handle(new Request('http://localhost:3000/x', init), { params: Promise.resolve({ name }) })
}

it('tells what is set, where it is named, and what nobody has set; never a secret', async () => {
  const text = await (await ask(await import('../api/values/route.ts'), 'GET')).text()
  expect(text).not.toContain('canary')
  expect(JSON.parse(text)).toMatchObject({
    seals: true,
    items: [
      {
        name: 'crmToken',
        kind: 'secret',
        plain: null,
        hosts: ['a.example.com'],
        fixed: false,
        usedIn: [{ id: 'f', name: 'Desk' }],
      },
      { name: 'crmUrl', kind: 'value', plain: 'https://a.example.com', usedIn: [] },
      { name: 'fixedToken', kind: 'secret', plain: null, hosts: ['b.example.com'], fixed: true, usedIn: [] },
    ],
    missing: [
      { name: 'gone', kind: 'secret', usedIn: [{ name: 'Desk' }, { name: 'Night' }] },
      { name: 'fixedToken', kind: 'value' },
    ],
  })
})

it('sets one under its name, for the tenant and by whom', async () => {
  const route = await import('../api/values/[name]/route.ts')
  expect(
    (
      await ask(
        route,
        'PUT',
        { kind: 'secret', text: ' abc ', hosts: ['https://A.example.com/x', 'a.example.com'] },
        'crmToken',
      )
    ).status,
  ).toBe(204)
  expect(store.namedValues.set).toHaveBeenLastCalledWith('t', {
    name: 'crmToken',
    kind: 'secret',
    text: 'abc',
    hosts: ['a.example.com'],
    by: 'Local user',
  })
  expect((await ask(route, 'PUT', { kind: 'secret', text: null, hosts: ['b.example.com'] }, 'crmToken')).status).toBe(
    204,
  )
  expect(store.namedValues.setHosts).toHaveBeenLastCalledWith('t', {
    name: 'crmToken',
    hosts: ['b.example.com'],
    by: 'Local user',
  })
  const hosts = await import('../api/values/[name]/hosts/route.ts')
  expect((await ask(hosts, 'POST', { host: 'https://C.example.com/x' }, 'crmToken')).status).toBe(204)
  const allowed = { name: 'crmToken', host: 'c.example.com', by: 'Local user' }
  expect(store.namedValues.addHost).toHaveBeenLastCalledWith('t', allowed)
  expect((await ask(hosts, 'POST', { host: '*.example.com' }, 'crmToken')).status).toBe(400)
  expect((await ask(route, 'DELETE', undefined, 'crmToken')).status).toBe(204)
  expect(store.namedValues.remove).toHaveBeenLastCalledWith('t', 'crmToken')
})

it.each([
  ['a name that no flow could name', 'a-b', { kind: 'value', text: 'x' }],
  ['no text', 'a', { kind: 'value', text: '  ' }],
  ['two lines', 'a', { kind: 'secret', text: 'a\nX-Admin: 1', hosts: [] }],
  ['too much', 'a', { kind: 'secret', text: 'a'.repeat(4001), hosts: [] }],
  ['a secret that says no host', 'a', { kind: 'secret', text: 'a' }],
  ['no host', 'a', { kind: 'secret', text: 'a', hosts: ['*.example.com'] }],
  ['too many hosts', 'a', { kind: 'secret', text: 'a', hosts: Array(21).fill('a.example.com') }],
  ['a value that there is not', 'a', { kind: 'value', text: null }],
  ['another kind', 'a', { kind: 'table', text: 'a' }],
])('refuses %s', async (_, name, body) => {
  const route = await import('../api/values/[name]/route.ts')
  expect((await ask(route, 'PUT', body, name)).status).toBe(400)
})

it('lists what an imported flow names and nobody has', async () => {
  const flow = draw({
    ask: block(
      'httpRequest',
      { url: '${env.base}/${env.crmUrl}', auth: 'bearer', secret: 'nobodys' },
      { '2xx': 'bye' },
    ),
    bye: hangUp(),
  })
  const answer = await ask(await import('../api/flows/import/route.ts'), 'POST', flow)
  expect([answer.status, (await answer.json()).unresolved]).toEqual([201, ['nobodys', 'base']])
})
