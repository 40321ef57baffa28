import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Calendar } from '#flow/calendar.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw } from '#flow/testing/draw.ts'
import { specStore } from '#test/store.ts'

const spec = specStore()
const hours = (name: string) => Calendar.parse({ name, timeZone: 'Europe/Berlin', week: weekOf(['08:00', '17:00']) })
const make = async (tenantId: string, name = 'Practice hours') =>
  spec.store.calendars.create(tenantId, { calendar: hours(name), by: 'ada' })

describe('calendars', () => {
  it('are listed by name, and shared with the flows of their tenant alone', async () => {
    const [tenantId, other] = [randomUUID(), randomUUID()]
    const b = await make(tenantId, 'b')
    const a = await make(tenantId, 'A')
    await make(other, 'theirs')
    expect((await spec.store.calendars.list(tenantId)).map(({ id }) => id)).toEqual([a, b])
    const { shared } = await spec.store.calendars.shared(tenantId)
    expect(shared.calendars).toEqual({ [a]: hours('A'), [b]: hours('b') })
  })

  it('nobody has any in a tenant that is not there', async () => {
    expect(await spec.store.calendars.shared(randomUUID())).toEqual({
      shared: { calendars: {}, tables: {} },
      revision: 0,
    })
  })

  it('count their changes, so that flows are made ready anew', async () => {
    const tenantId = randomUUID()
    const counted = async () => (await spec.store.calendars.shared(tenantId)).revision
    const id = await make(tenantId)
    const made = await counted()
    await spec.store.calendars.save(tenantId, id, { calendar: hours('Other'), revision: 1, by: 'bob' })
    const saved = await counted()
    await spec.store.calendars.remove(tenantId, id)
    expect([saved - made, (await counted()) - saved]).toEqual([1, 1])
  })

  it('are saved by who saw the latest, and by nobody else', async () => {
    const tenantId = randomUUID()
    const id = await make(tenantId)
    const save = (name: string, revision: number) =>
      spec.store.calendars.save(tenantId, id, { calendar: hours(name), revision, by: 'bob' })
    expect(await save('Mine', 1)).toEqual({ revision: 2 })
    await expect(save('Late', 1)).rejects.toMatchObject({
      code: 'changedMeanwhile',
      detail: { revision: 2, updatedBy: 'bob' },
    })
    expect((await spec.store.calendars.get(tenantId, id)).calendar.name).toBe('Mine')
  })

  it('have names of their own, whatever their case', async () => {
    const tenantId = randomUUID()
    await make(tenantId, 'Practice')
    const id = await make(tenantId, 'Fair')
    await expect(make(tenantId, 'PRACTICE')).rejects.toMatchObject({ code: 'nameTaken' })
    const renamed = spec.store.calendars.save(tenantId, id, { calendar: hours('practice'), revision: 1, by: 'ada' })
    await expect(renamed).rejects.toMatchObject({ code: 'nameTaken' })
  })

  it('stay as long as a flow speaks of them, in its draft or in what callers hear', async () => {
    const tenantId = randomUUID()
    const id = await make(tenantId)
    const flow = draw({ hours: block('businessHours', { calendar: { id, name: 'Practice hours' } }) }, { name: 'Desk' })
    const { id: flowId } = await spec.store.flows.create(tenantId, { flow, by: 'ada' })
    const uses = () => spec.store.calendars.uses(tenantId, id)
    expect(await uses()).toEqual([{ flowId, name: 'Desk', draft: true, live: false }])

    await spec.store.versions.publish(tenantId, flowId, { revision: 1, note: '', by: 'ada' })
    await spec.store.routes.set(tenantId, flowId, null)
    const draft = draw({}, { name: 'Desk' })
    await spec.store.flows.saveDraft(tenantId, flowId, { flow: draft, revision: 1, by: 'ada' })
    expect(await uses()).toEqual([{ flowId, name: 'Desk', draft: false, live: true }])
    await expect(spec.store.calendars.remove(tenantId, id)).rejects.toMatchObject({
      code: 'inUse',
      detail: { flows: ['Desk'] },
    })

    await spec.store.routes.unset(tenantId, flowId, null)
    await spec.store.calendars.remove(tenantId, id)
    await expect(spec.store.calendars.get(tenantId, id)).rejects.toMatchObject({ code: 'notFound' })
  })
})
