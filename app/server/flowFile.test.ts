import { afterAll, expect, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import { StoreError } from '#store/error.ts'
import { GET } from '../api/flows/[flowId]/file/route.ts'
import type { Services } from './services.ts'

const process = globalThis as typeof globalThis & { services?: Services }
const before = process.services
afterAll(() => {
  if (before) process.services = before
  else delete process.services
})

/** The file of a flow that has been deleted and has one version. */
async function fileOfDeleted(query: string) {
  const removed = { name: 'Front desk', deletedAt: new Date(0), deletedBy: 'Ada', until: new Date(0) }
  const notThere = async () => {
    throw new StoreError('notFound')
  }
  // No more than this route asks for.
  process.services = {
    settings: { databaseUrl: '', tenantId: 't', appId: '', local: { emulatorUrl: 'http://127.0.0.1:1' } },
    store: {
      flows: { get: notThere, removed: async () => removed },
      versions: { find: async () => ({ flow: frontDesk }) },
    },
  } as unknown as Services
  const request = new Request(`http://localhost:3000/x${query}`, { headers: { host: 'localhost:3000' } })
  const response = await GET(request, { params: Promise.resolve({ flowId: 'f' }) })
  return { status: response.status, code: (await response.json()).error?.code }
}

it.each(['', '?version=1'])('no file is given of a flow that was deleted: %j', async (query) => {
  expect(await fileOfDeleted(query)).toEqual({ status: 410, code: 'removed' })
})
