import { expect, it } from 'vitest'
import type { Graph, GraphRequest } from '../road/graph.ts'
import { listFrom } from './ask.ts'

const tenantId = '1fdd12d0-4620-44ed-baec-459b611f84b2'
const asked = { operation: 'list', method: 'GET', path: '/users', tenantId, repeatable: true } as const
const idOf = (raw: unknown) => (typeof raw === 'string' ? raw : undefined)

/** A Graph with so many pages of one. */
function graphOf(pages: number) {
  const sent: GraphRequest[] = []
  const graph: Pick<Graph, 'send'> = {
    async send(request) {
      sent.push(request)
      const next = sent.length < pages && { '@odata.nextLink': `https://graph.example/v1.0/users?$skip=${sent.length}` }
      return { status: 200, location: null, body: { value: [`user ${sent.length}`], ...next } }
    },
  }
  return { graph: { ...graph, close: async () => {} }, sent }
}

it('a list of a thousand pages is read to its end', async () => {
  const { graph, sent } = graphOf(1_000)
  expect(await listFrom(graph, asked, idOf)).toHaveLength(1_000)
  expect(sent.at(-1)?.path).toBe('/users?$skip=999')
})

it('a service that always names a next page is left after a thousand', async () => {
  const { graph, sent } = graphOf(Number.POSITIVE_INFINITY)
  await expect(listFrom(graph, asked, idOf)).rejects.toMatchObject({ code: 'unreadableAnswer', operation: 'list' })
  expect(sent).toHaveLength(1_000)
})
