import { expect, it } from 'vitest'
import { nothingShared } from '#flow/shared.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import type { FlowSummary } from '#store/flowList.ts'
import { listItems } from './flowList.ts'
import type { Services } from './services.ts'

const asks = draw({
  ask: block('httpRequest', { url: 'https://a.example.com', auth: 'bearer', secret: 'ticketKey' }, { '2xx': 'end' }),
  end: hangUp(),
})

/** The problems that the list shows of a flow that names a secret, where these are there. */
async function countsWith(
  secrets: string[],
  { tenantId = 't', draftHash = 'h', flow = asks, shared = nothingShared } = {},
) {
  const summary = { id: 'f', draftHash, answers: [], published: null, lastCall: null, updatedAt: new Date(0) }
  const services = {
    settings: {
      named: {
        secrets: new Map(secrets.map((name) => [name, { text: '', hosts: ['a.example.com'] }])),
        values: new Map(),
      },
    },
    store: {
      faces: { shared: async () => ({ shared, revision: 1 }) },
      namedValues: { list: async () => [] },
      flows: { drafts: async () => [{ id: 'f', draftHash, flow }] },
    },
  } as unknown as Services
  const [item] = await listItems(services, tenantId, [summary as unknown as FlowSummary])
  return item?.problems
}

it('counts what the editor counts: a name that nobody has set, until somebody sets it', async () => {
  expect(await countsWith([])).toEqual({ errors: 1, warnings: 0 })
  expect(await countsWith(['ticketKey'])).toEqual({ errors: 0, warnings: 0 })
  expect(await countsWith([])).toEqual({ errors: 1, warnings: 0 })
})

it('counts what each tenant knows, of the same document too', async () => {
  const always = {
    name: 'Hours',
    timeZone: 'UTC',
    week: weekOf(['00:00', '24:00'], [], true),
    holidays: [],
    overrides: [],
  }
  const hours = 'a0000000-0000-4000-8000-000000000001'
  const flow = draw({
    when: block(
      'businessHours',
      { calendar: { id: hours, name: 'Hours' } },
      { open: 'end', closed: 'end', holiday: 'end' },
    ),
    end: hangUp(),
  })
  const inTenant = (tenantId: string, calendars = {}) =>
    countsWith([], { tenantId, draftHash: 'hours', flow, shared: { ...nothingShared, calendars } })
  const [nothing, there] = [await inTenant('one'), await inTenant('two', { [hours]: always })]
  expect([nothing?.errors, there?.errors]).toEqual([1, 0])
})
