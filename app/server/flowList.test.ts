import { expect, it } from 'vitest'
import { nothingShared } from '#flow/shared.ts'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import type { FlowSummary } from '#store/flowList.ts'
import { listItems } from './flowList.ts'
import type { Services } from './services.ts'

const asks = draw({
  ask: block('httpRequest', { url: 'https://a.example.com', auth: 'bearer', secret: 'ticketKey' }, { '2xx': 'end' }),
  end: hangUp(),
})

/** The problems that the list shows of a flow that names a secret, where these are there. */
async function countsWith(secrets: string[], answers: string[] = []) {
  const summary = { id: 'f', draftHash: 'h', answers, published: null, lastCall: null, updatedAt: new Date(0) }
  const services = {
    settings: {
      named: {
        secrets: new Map(secrets.map((name) => [name, { text: '', hosts: ['a.example.com'] }])),
        values: new Map(),
      },
    },
    store: {
      faces: { shared: async () => ({ shared: nothingShared, revision: 1 }) },
      namedValues: { list: async () => [] },
      flows: { drafts: async () => [{ id: 'f', draftHash: 'h', flow: asks }] },
    },
  } as unknown as Services
  const [item] = await listItems(services, 't', [summary as unknown as FlowSummary])
  return item?.problems
}

it('counts what the editor counts: a name that nobody has set, until somebody sets it', async () => {
  expect(await countsWith([])).toEqual({ errors: 1, warnings: 0 })
  expect(await countsWith(['ticketKey'])).toEqual({ errors: 0, warnings: 0 })
  expect(await countsWith([])).toEqual({ errors: 1, warnings: 0 })
})
