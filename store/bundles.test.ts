import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { bundleOf } from '#app/server/newFlow.ts'
import { templates } from '#flow/templates/index.ts'
import type { Template } from '#flow/templates/template.ts'
import { specStore } from '#test/store.ts'

const spec = specStore()
const { emergencyMessage, openingHours, ticketLookUp }: Record<string, Template> = templates
const create = ({ values, ...template }: Template, tenantId: string) =>
  spec.store.bundles.bring(tenantId, { bundle: bundleOf(template, 'UTC'), values, by: 'ada' })
const asked = async (tenantId: string, id: string, block: string) =>
  (await spec.store.flows.get(tenantId, id)).flow.blocks[block]?.settings
const tablesOf = (tenantId: string) => spec.store.tables.list(tenantId)

it('makes what a flow speaks of, and the flow speaks of it by the ids that it has here', async () => {
  const tenantId = randomUUID()
  const { id } = await create(openingHours, tenantId)
  const [hours] = await spec.store.calendars.list(tenantId)
  const [numbers] = await tablesOf(tenantId)
  if (!numbers) throw new Error('no table was made')
  expect(hours).toMatchObject({ calendar: Object.values(openingHours.calendars)[0], updatedBy: 'ada' })
  expect((await spec.store.tables.get(tenantId, numbers.id)).rows.map(({ cells }) => cells)).toEqual([
    { team: 'Front desk' },
  ])
  expect(await asked(tenantId, id, 'hours')).toMatchObject({ calendar: { id: hours?.id, name: 'Opening hours' } })
  expect(await asked(tenantId, id, 'who')).toMatchObject({ table: { id: numbers.id, name: 'Front desk numbers' } })
})

it('takes what is there under its name, whoever made it, and changes nothing of it', async () => {
  const tenantId = randomUUID()
  const calendar = { ...Object.values(openingHours.calendars)[0], name: 'OPENING hours', timeZone: 'Europe/Berlin' }
  const own = await spec.store.calendars.create(tenantId, { calendar: calendar as never, by: 'bob' })
  await spec.store.namedValues.set(tenantId, { name: 'ticketService', kind: 'value', text: 'https://ours', by: 'bob' })
  const [first, second] = [await create(openingHours, tenantId), await create(emergencyMessage, tenantId)]
  await create(ticketLookUp, tenantId)
  expect(await asked(tenantId, first.id, 'hours')).toMatchObject({ calendar: { id: own, name: 'OPENING hours' } })
  expect(await asked(tenantId, second.id, 'who')).toMatchObject({
    table: (await asked(tenantId, first.id, 'who'))?.table,
  })
  expect((await spec.store.calendars.list(tenantId)).map(({ updatedBy }) => updatedBy)).toEqual(['bob'])
  expect(await spec.store.namedValues.list(tenantId)).toMatchObject([{ plain: 'https://ours', updatedBy: 'bob' }])
})

it('gives a table another name where one of that name has other columns', async () => {
  const tenantId = randomUUID()
  const table = { name: 'announcements', columns: [{ id: 'a', name: 'A', type: 'text' as const }] }
  await spec.store.tables.create(tenantId, { table, rows: [], by: 'bob' })
  const { id } = await create(emergencyMessage, tenantId)
  expect(await asked(tenantId, id, 'look')).toMatchObject({ table: { name: 'Announcements 2' } })
  await create(emergencyMessage, tenantId)
  expect((await tablesOf(tenantId)).map(({ table: { name } }) => name)).toEqual([
    ...['announcements', 'Announcements 2', 'Front desk numbers'],
  ])
})

it('of many who make the same at once each has a flow, and all share what it speaks of', async () => {
  const tenantId = randomUUID()
  const made = await Promise.all(Array.from({ length: 6 }, () => create(openingHours, tenantId)))
  expect(new Set(made.map(({ name }) => name)).size).toBe(6)
  expect([await spec.store.calendars.list(tenantId), await tablesOf(tenantId)].map(({ length }) => length)).toEqual([
    1, 1,
  ])
})

it('leaves nothing behind when the flow cannot be made', async () => {
  const tenantId = randomUUID()
  const tooLong = { ...openingHours, flow: { ...openingHours.flow, name: '\0' } }
  await expect(create(tooLong, tenantId)).rejects.toThrow()
  expect([await spec.store.calendars.list(tenantId), await tablesOf(tenantId)]).toEqual([[], []])
})
