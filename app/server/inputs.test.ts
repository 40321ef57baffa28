import { beforeAll, describe, expect, it } from 'vitest'
import { Revision, Text } from './inputs.ts'
import type { Services } from './services.ts'

describe('a text', () => {
  it.each(['', 'Front desk', 'two\nlines,\ta tab\r\n', 'Zürich 🙂', '你好'])('may be %j', (text) => {
    expect(Text.safeParse(text).success).toBe(true)
  })

  it.each(['a\0b', '\x07', '\x1b[0m', '\x7f', '\x85', 'half \ud83d'])('may not be %j', (text) => {
    expect(Text.safeParse(text).success).toBe(false)
  })
})

it('a revision is a number that the database can hold', () => {
  expect(Revision.safeParse(1).success).toBe(true)
  for (const value of [2 ** 31, 2 ** 40, 1.5, '1', null]) expect(Revision.safeParse(value).success).toBe(false)
})

describe('the routes refuse, before they ask the database,', () => {
  beforeAll(() => {
    // The settings, and no store: a route that asks it would fail as 500.
    const settings = { databaseUrl: '', tenantId: '', appId: '', local: { emulatorUrl: 'http://127.0.0.1:1' } }
    const process = globalThis as typeof globalThis & { services?: Services }
    process.services = { settings } as unknown as Services
  })

  const flow = { params: Promise.resolve({ flowId: '7d3b8c1e-58f5-4a0e-9b52-3a8a4a1f2c11' }) }
  const asked = (method: string, body: unknown) =>
    new Request('http://localhost:3000/api/x', {
      method,
      headers: { host: 'localhost:3000' },
      body: JSON.stringify(body),
    })

  const cases: Record<string, () => Promise<Response>> = {
    'the name of a new flow': async () => {
      const { POST } = await import('../api/flows/route.ts')
      return POST(asked('POST', { name: 'a\0b', from: 'empty' }), { params: Promise.resolve({}) })
    },
    'a note': async () => {
      const { POST } = await import('../api/flows/[flowId]/publish/route.ts')
      return POST(asked('POST', { revision: 1, note: 'a\0b' }), flow)
    },
    'a revision to publish': async () => {
      const { POST } = await import('../api/flows/[flowId]/publish/route.ts')
      return POST(asked('POST', { revision: 2 ** 40, note: '' }), flow)
    },
    'a revision to save': async () => {
      const { PUT } = await import('../api/flows/[flowId]/route.ts')
      return PUT(asked('PUT', { revision: 2 ** 40, flow: {} }), flow)
    },
    'a text to speak': async () => {
      const { POST } = await import('../api/speech/route.ts')
      return POST(asked('POST', { text: 'a\0b' }), { params: Promise.resolve({}) })
    },
    'a caller’s name': async () => {
      const { POST } = await import('../api/phone/calls/route.ts')
      return POST(asked('POST', { flowId: 'x', caller: { name: '\0' } }), { params: Promise.resolve({}) })
    },
  }

  it.each(Object.entries(cases))('%s', async (_, ask) => {
    const response = await ask()
    expect([response.status, (await response.json()).error.code]).toEqual([400, 'badRequest'])
  })
})
