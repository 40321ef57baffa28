import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { nobodyId } from '#flow/nobodyAnswers.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Who answers what, by whole calls: the real bot goes by what is in the database (feature T10). */

const account = '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10'
const anna = 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b'
const second = '7d3f2a1b-6c5e-4d4f-8e9a-1b2c3d4e5f60'

let telephone: Telephone
const flows: Record<string, string> = {}

beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
})
afterAll(() => telephone.close())

const saying = (text: string) => ({
  ...draw({ say: say(text, { done: 'bye' }), bye: hangUp() }, { name: text }),
})

const callers = {
  anna: { user: { id: anna, displayName: 'Anna Berger' } },
  german: { phone: '+4940123456' },
  american: { phone: '+14255550199' },
}
const toAccount = { applicationInstance: { id: account } }
const toSecond = { applicationInstance: { id: second } }

/** What a caller hears first. */
async function hears(from: object, to?: object) {
  const call = await telephone.dial({ from, ...(to && { to }) })
  await call.ends()
  const [prompt] = (await call.transcript()).filter(({ kind }) => kind === 'prompt')
  return { said: prompt?.kind === 'prompt' ? prompt.text : null, history: () => call.history() }
}

it('says that nobody answers where nothing is published, and never nothing', async () => {
  const call = await hears(callers.anna)
  expect(call.said).toContain('nobody answers calls to this number')
  expect(await call.history()).toMatchObject({ versionId: nobodyId, outcome: 'noFlow' })
})

it('leads five calls to five flows by what was dialled, who called, and when', async () => {
  const { store, identity, publish } = telephone
  const { tenantId } = identity
  for (const name of ['Default', 'Reception', 'For Anna', 'For Germany', 'Closed']) {
    flows[name] = (await publish(saying(name))).flowId
  }
  const flowOf = (name: string) => flows[name] ?? ''
  // Closed on every day: a test must not depend on the hour at which it runs.
  const calendar = { name: 'Never', timeZone: 'UTC', week: weekOf([]), holidays: [], overrides: [] }
  const calendarId = await store.calendars.create(tenantId, { calendar, by: 'ada' })
  const any = { called: null, caller: null, when: null }
  const add = (flow: string, rule: Partial<Parameters<typeof store.routeRules.add>[1]>) =>
    store.routeRules.add(tenantId, { ...any, ...rule, flowId: flowOf(flow) })
  await add('For Anna', { caller: anna })
  const german = await add('For Germany', { called: account, caller: '+49' })
  const closed = await add('Closed', { called: second, when: { calendarId, state: 'closed' } })
  const reception = await add('Reception', { called: account })

  const said = async (from: object, to?: object) => (await hears(from, to)).said
  /** The database tells the bot of a change, which takes a moment. */
  const soonSaid = (words: string, ...call: Parameters<typeof said>) =>
    vi.waitFor(async () => expect(await said(...call)).toContain(words), { timeout: 10_000 })
  expect(await said(callers.anna, toAccount)).toBe('For Anna')
  expect(await said(callers.german, toAccount)).toBe('For Germany')
  expect(await said(callers.american, toAccount)).toBe('Reception')
  expect(await said(callers.american, toSecond)).toBe('Closed')
  expect(await said(callers.american)).toBe('Default')

  // The first that fits: in another order Germans hear what all others do.
  const [first] = await store.routeRules.list(tenantId)
  await store.routeRules.order(tenantId, [reception, german, closed, first?.id ?? ''])
  await soonSaid('Reception', callers.german, toAccount)

  // The hours are changed, and the next call follows.
  const [stored] = await store.calendars.list(tenantId)
  const open = { ...calendar, week: weekOf(['00:00', '24:00'], [], true) }
  await store.calendars.save(tenantId, calendarId, { calendar: open, revision: stored?.revision ?? 0, by: 'ada' })
  await soonSaid('Default', callers.american, toSecond)

  // Without a default, what no rule is for is said so.
  await store.routes.unset(tenantId, flowOf('Default'), null)
  await soonSaid('nobody answers', callers.american, toSecond)
})
