import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { Calendar, weekdays } from '#flow/calendar.ts'
import { block, draw, hangUp, menu } from '#flow/testing/draw.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Business hours as callers meet them: database, bot and emulator, over HTTP. */

let telephone: Telephone
beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
})
afterAll(() => telephone.close())

const allDay = [{ from: '00:00', to: '24:00' }]
const always = Calendar.parse({
  name: 'Practice hours',
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(weekdays.map((day) => [day, allDay])),
})
const never = Calendar.parse({ ...always, week: Object.fromEntries(weekdays.map((day) => [day, []])) })
/** Some holiday is on whatever day the test runs, in every zone. */
const holiday = Calendar.parse({
  ...never,
  holidays: [{ name: 'Fair', from: '2020-01-01', to: '2020-12-31', yearly: true }],
})

async function practice(calendar: Calendar) {
  const { calendars, routes } = telephone.store
  const { tenantId } = telephone.identity
  const name = randomUUID()
  const id = await calendars.create(tenantId, { calendar: { ...calendar, name }, by: 'ada' })
  const flow = draw(
    {
      ask: menu('1', { '1': 'hours', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Press 1.', noInputRetries: 0 }),
      hours: block('businessHours', { calendar: { id, name } }, { open: 'open', closed: 'closed', holiday: 'holiday' }),
      open: hangUp('We are open.'),
      closed: hangUp('We are closed.'),
      holiday: hangUp('It is a holiday.'),
      bye: hangUp('Goodbye.'),
    },
    { name },
  )
  const { flowId } = await telephone.publish(flow)
  await routes.set(tenantId, flowId, name)
  let revision = 1
  return {
    /** Somebody tries the flow as if it were at that time. */
    async dialAt(at: string) {
      const { published } = await telephone.store.flows.get(tenantId, flowId)
      const movedSeconds = Math.ceil((Date.parse(at) - Date.now()) / 1000)
      const called = await routes.addTest(tenantId, flowId, published?.versionId ?? '', { movedSeconds })
      return telephone.dial({ to: { applicationInstance: { id: called } } })
    },
    dial: () => telephone.dial({ to: { applicationInstance: { id: name } } }),
    async change(to: Calendar) {
      ;({ revision } = await calendars.save(tenantId, id, { calendar: { ...to, name }, revision, by: 'ada' }))
    },
  }
}

it.each([
  ['open', always, 'We are open'],
  ['closed', never, 'We are closed'],
  ['holiday', holiday, 'It is a holiday'],
])('the way of %s', async (exit, calendar, heard) => {
  const call = await (await practice(calendar)).dial()
  await call.hears('Press 1')
  await call.presses('1')
  await call.hears(heard)
  await call.ends()
  const { steps } = await call.history()
  expect(steps.filter(({ block: at }) => at === 'hours').at(-1)).toMatchObject({ exit })
})

it('the next call follows a change, without publishing; a call under way keeps what it began with', async () => {
  const desk = await practice(always)
  const before = await desk.dial()
  await before.hears('Press 1')
  await desk.change(never)
  await vi.waitFor(async () => {
    const after = await desk.dial()
    await after.hears('Press 1')
    await after.presses('1')
    await after.hears('We are closed')
  })
  await before.presses('1')
  await before.hears('We are open')
})

it('a test call takes it for the time that it is given; the next call from outside does not', async () => {
  const week = { ...never.week, thursday: [{ from: '09:00', to: '17:00' }] }
  const holidays = [{ name: 'Fair', from: '2031-05-08', to: '2031-05-08' }]
  const desk = await practice(Calendar.parse({ ...always, week, holidays }))
  for (const [at, heard] of [
    ['2031-05-01T06:59:00Z', 'We are closed'],
    ['2031-05-01T07:00:00Z', 'We are open'],
    ['2031-05-08T07:00:00Z', 'It is a holiday'],
  ] as const) {
    const call = await desk.dialAt(at)
    await call.hears('Press 1')
    await call.presses('1')
    await call.hears(heard)
    await call.ends()
    const { test, startedAt } = await call.history()
    expect(test).toBe(true)
    // The books keep real time.
    expect(Math.abs(Date.parse(String(startedAt)) - Date.now())).toBeLessThan(60_000)
  }
  await desk.change(always)
  await vi.waitFor(async () => {
    const call = await desk.dial()
    await call.hears('Press 1')
    await call.presses('1')
    await call.hears('We are open')
  })
})
