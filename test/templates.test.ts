import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { startOf } from '#app/server/newFlow.ts'
import { type Calendar, weekdays } from '#flow/calendar.ts'
import { check } from '#flow/check.ts'
import { surroundingsOf } from '#flow/compile.ts'
import { type TemplateId, templateIds } from '#flow/templates/index.ts'
import { viewBlocks } from '#flow/view.ts'
import type { Dialled } from './caller.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Every template as somebody makes a flow of it, published and called until each way out of each of its blocks was taken. */

/** Answers by the number of the ticket. */
const service = createServer(({ url }, response) => {
  const json = (status: number, text: string) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  switch (url) {
    case '/tickets/1':
      return json(200, '{"state": "in progress"}')
    case '/tickets/2':
      return json(404, '{}')
    case '/tickets/3':
      return json(500, '{}')
    case '/tickets/4':
      return json(200, 'no JSON')
    case '/tickets/5':
      return response.destroy()
    // Anything else is never answered.
  }
})

let telephone: Telephone
beforeAll(async () => {
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
  const host = `localhost:${(service.address() as AddressInfo).port}` // TCP
  telephone = await openTelephone(inject('postgresUrl'), { playbackSpeed: 20 }, { LOCAL_SERVICES: host })
  const { store, identity } = telephone
  const value = { name: 'ticketService', kind: 'value', text: `http://${host}`, by: 'ada' } as const
  await store.namedValues.set(identity.tenantId, value)
})
afterAll(async () => {
  await telephone.close()
  service.closeAllConnections()
  service.close()
})

/** A machine with much else to do takes long to speak what is said for the first time. */
const patienceMs = 50_000

type Call = Awaited<ReturnType<Telephone['dial']>>
/** What a caller does, in order, until the call is over. */
type Deed = (call: Call) => Promise<unknown>
const hears =
  (text: string): Deed =>
  (call) =>
    call.hears(text, patienceMs)
const presses =
  (tones: string): Deed =>
  (call) =>
    call.presses(tones)
/** Said before the recording is: there the emulator waits for a voice as much shorter as its prompts are. */
const speaks =
  (seconds: number): Deed =>
  (call) =>
    call.speaksAfterBeep(seconds)
const leavesMessage = [speaks(3), hears('leave your name'), hears('Thank you for your message')]
const saysTooLittle = [speaks(0.4), hears('leave your name')]
const saysNothing = [hears('leave your name'), hears('I did not hear anything')]
const rings = [hears('I am connecting you')]
const reached = hears('reached our voicemail')
const nobody = hears('Nobody can take your call')

/** As Teams has callers of whom nothing is known. */
const withheld = { user: { id: 'anonymous' } }
const types = (number: string) => [hears('enter the number'), presses(`${number}#`), hears('Your number is')]

/** Calls at the same time; before them something is changed, or whoever is rung declines. */
type Round = Dialled & { before?(desk: Desk): Promise<unknown>; calls: Deed[][] }
type Desk = Awaited<ReturnType<typeof open>>

async function open(from: TemplateId) {
  const { store, identity, dial, publish } = telephone
  const { tenantId } = identity
  const made = await store.bundles.bring(tenantId, {
    ...startOf({ name: `Desk ${from}`, from, timeZone: 'Europe/Berlin' }),
    by: 'ada',
  })
  const { flow } = await store.flows.get(tenantId, made.id)
  await publish(flow, made.id)
  await store.routes.set(tenantId, made.id, made.id)
  const taken = new Set<string>()
  const tableOf = async (name: string) => {
    const found = (await store.tables.list(tenantId)).find(({ table }) => table.name === name)
    return store.tables.get(tenantId, found?.id ?? '')
  }
  return {
    ...{ flow, taken },
    rows: async (table: string) => (await tableOf(table)).rows.map(({ cells }) => cells),
    async setCells(name: string, cells: Record<string, string | boolean>) {
      const { id, table, rows, revision } = await tableOf(name)
      const changed = rows.map((row) => ({ ...row, cells: { ...row.cells, ...cells } }))
      await store.tables.save(tenantId, id, { table, rows: changed, revision, by: 'ada' })
    },
    async dropTable(name: string) {
      const { id } = await tableOf(name)
      await telephone.sql(`delete from tables where id = '${id}'`)
    },
    async setHours(hours: Partial<Calendar>) {
      const [found] = await store.calendars.list(tenantId)
      if (!found) throw new Error('There are no hours.')
      const { id, calendar, revision } = found
      await store.calendars.save(tenantId, id, { calendar: { ...calendar, ...hours }, revision, by: 'ada' })
    },
    callbacks: () => store.callbacks.list(tenantId, 100),
    async calls(deeds: Deed[], dialled?: Dialled) {
      const call = await dial({ to: { applicationInstance: { id: made.id } }, transfers: 'accept', ...dialled })
      for (const [n, deed] of deeds.entries()) {
        await deed(call).catch(async (error) => {
          const said = (await call.transcript()).flatMap((one) => (one.kind === 'prompt' ? [one.text] : []))
          throw new Error(`deed ${n}: ${error}\n${said.join('\n')}`)
        })
      }
      await call.ends()
      const { steps } = await call.history()
      for (const { block, exit } of steps) if (exit !== null) taken.add(`${block} ${exit}`)
    },
  }
}

/** Every way out of every block that the flow draws. */
async function exitsOf({ flow }: Desk): Promise<string[]> {
  const { shared } = await telephone.store.calendars.shared(telephone.identity.tenantId)
  const views = viewBlocks(flow, surroundingsOf(flow, shared))
  return [...views].flatMap(([id, { exits }]) => exits.map(({ name }) => `${id} ${name}`))
}

const setNumber = (table: string) => (desk: Desk) => desk.setCells(table, { number: '+4940669690' })
const days = (hours: Calendar['week']['monday']): Calendar['week'] =>
  Object.fromEntries(weekdays.map((day) => [day, hours])) as Calendar['week'] // each of them
const always: Partial<Calendar> = { week: days([{ from: '00:00', to: '24:00' }]), holidays: [] }
const all = { from: '2020-01-01', to: '2020-12-31', yearly: true }
const townFair: Partial<Calendar> = { holidays: [{ name: 'the town fair', ...all, hours: [], source: null }] }
/** A calendar is heard of a moment after it was changed. */
const untilHeard = (hours: Partial<Calendar>, heard: string) => async (desk: Desk) => {
  await desk.setHours(hours)
  await vi.waitFor(() => desk.calls([hears('thank you'), hears(heard), (call) => call.hangsUp()]), { timeout: 20_000 })
}

const rounds: Record<TemplateId, Round[]> = {
  phoneMenu: [
    {
      calls: [
        [hears('For sales'), presses('1'), nobody, ...leavesMessage],
        [hears('For sales'), presses('3'), hears('Harbour Street'), hears('For sales'), presses('0'), ...saysNothing],
        [hears('For sales'), presses('9'), hears('not in use'), presses('99'), ...leavesMessage],
        [hears('For sales'), hears('did not hear a key'), hears('did not hear a key'), ...leavesMessage],
        [hears('For sales'), presses('0'), ...saysTooLittle, hears('did not hear anything')],
      ],
    },
    { before: setNumber('Phone menu numbers'), calls: [[hears('For sales'), presses('2'), ...rings]] },
    { transfers: 'decline', calls: [[hears('For sales'), presses('1'), ...rings, nobody, ...leavesMessage]] },
    {
      before: (desk) => desk.setCells('Phone menu numbers', { team: 'Somebody else' }),
      calls: [[hears('For sales'), presses('1'), nobody, ...leavesMessage]],
    },
  ],
  openingHours: [
    {
      before: untilHeard({ week: days([]), holidays: [] }, 'We are closed now'),
      calls: [[hears('We are closed now'), ...saysTooLittle, hears('did not hear anything')]],
    },
    {
      before: untilHeard(townFair, 'Today we are closed for'),
      calls: [[hears('Today we are closed for'), ...saysNothing]],
    },
    {
      before: untilHeard(always, 'Nobody can take'),
      calls: [[nobody, ...leavesMessage]],
    },
    { before: setNumber('Front desk numbers'), calls: [rings] },
    { transfers: 'decline', calls: [[...rings, nobody, ...leavesMessage]] },
    {
      before: (desk) => desk.setCells('Front desk numbers', { team: 'Somebody else' }),
      calls: [[nobody, ...leavesMessage]],
    },
  ],
  voicemail: [
    {
      calls: [
        [reached, ...leavesMessage, presses('1'), ...leavesMessage, hears('Goodbye')],
        [reached, ...leavesMessage, presses('7'), hears('Goodbye')],
        [reached, ...saysTooLittle, hears('too short'), ...saysNothing],
      ],
    },
  ],
  callbackRequest: [
    {
      before: untilHeard(always, 'within the hour'),
      from: { phone: '+4930555014' },
      calls: [[hears('within the hour')]],
    },
    { from: { phone: '+4930555014' }, calls: [[hears('on our list already')]] },
    {
      from: withheld,
      calls: [
        [...types('0305550142'), presses('2'), ...types('0305550143'), presses('1'), hears('within the hour')],
        [...types('0305550144'), hears('within the hour')],
        [hears('enter the number'), hears('without a number')],
        [hears('enter the number'), presses('*#*#*#'), hears('without a number')],
        [1, 2, 3].flatMap(() => [...types('112'), presses('1')]).concat(hears('without a number')),
      ],
    },
    {
      before: async (desk) => {
        const numbers = (await desk.callbacks()).map(({ number }) => number)
        const typed = ['0305550143', '0305550144']
        expect(numbers.filter((number) => /^[+]|^0305/.test(number)).sort()).toEqual(['+4930555014', ...typed])
        await untilHeard({ week: days([]) }, 'when we open')(desk)
      },
      from: { phone: '+4930555015' },
      calls: [[hears('when we open')]],
    },
    { from: { phone: '+4930555015' }, calls: [[hears('on our list already')]] },
    { from: withheld, calls: [[...types('0305550145'), presses('1'), hears('when we open')]] },
    { before: untilHeard(always, 'within the hour'), calls: [] },
    { before: untilHeard(townFair, 'when we open'), calls: [] },
  ],
  ticketLookUp: [
    {
      calls: [
        [
          hears('ticket number'),
          presses('1#'),
          hears('in progress'),
          presses('1'),
          hears('ticket number'),
          presses('1#'),
        ].concat([hears('in progress'), presses('2'), nobody, ...leavesMessage]),
        [hears('ticket number'), presses('1#'), hears('in progress'), presses('999'), hears('Thank you for calling')],
        [hears('ticket number'), presses('1#'), hears('in progress'), hears('Thank you for calling')],
        [1, 2, 3]
          .flatMap(() => [hears('ticket number'), presses('2#'), hears('no ticket')])
          .concat(nobody, saysNothing),
        ...['3', '4', '5', '6'].map((ticket) => [
          ...[hears('ticket number'), presses(`${ticket}#`), hears('cannot be looked up'), nobody, ...leavesMessage],
        ]),
        [hears('ticket number'), nobody, ...leavesMessage],
        [hears('ticket number'), presses('**#'), presses('**#'), presses('**#'), nobody].concat(
          saysTooLittle,
          hears('did not hear anything'),
        ),
      ],
    },
    { before: setNumber('Help desk numbers'), calls: [[hears('ticket number'), presses('*#*#*#'), ...rings]] },
    {
      before: (desk) => desk.setCells('Help desk numbers', { team: 'Somebody else' }),
      calls: [[hears('ticket number'), presses('*#*#*#'), nobody, ...leavesMessage]],
    },
  ],
  survey: [
    {
      calls: [
        [
          hears('How satisfied'),
          presses('5'),
          hears('helped quickly'),
          presses('4'),
          hears('recommend'),
          presses('1'),
        ].concat(hears('Your answers help us')),
        [hears('How satisfied'), hears('Thank you for calling')],
        [hears('How satisfied'), presses('9'), presses('9'), hears('Thank you for calling')],
        [hears('How satisfied'), presses('3'), hears('helped quickly'), hears('Your answers help us')],
        [hears('How satisfied'), presses('3'), hears('helped quickly'), presses('77'), hears('Your answers help us')],
        [hears('How satisfied'), presses('22'), hears('recommend'), hears('Your answers help us')],
        [hears('How satisfied'), presses('11'), hears('recommend'), presses('33'), hears('Your answers help us')],
      ],
    },
    {
      before: async (desk) => {
        const kept = (await desk.rows('Survey answers')).map((row) => [row.satisfied, row.helped, row.recommends])
        expect(kept.sort()).toEqual([
          [1, 1, undefined],
          [2, 2, undefined],
          [3, undefined, undefined],
          [3, undefined, undefined],
          [5, 4, 'yes'],
        ])
      },
      calls: [
        [
          hears('recommend'),
          () => telephone.sql("delete from tables where name = 'Survey answers'"),
          ...[presses('2'), hears('could not be kept')],
        ],
      ].map((deeds) => [hears('How satisfied'), presses('11'), ...deeds]),
    },
  ],
  emergencyMessage: [
    { calls: [[hears('thank you for calling'), nobody, ...leavesMessage]] },
    {
      before: (desk) => desk.setCells('Announcements', { on: true }),
      calls: [
        [hears('because of the weather'), presses('1'), hears('because of the weather'), presses('2'), nobody].concat(
          saysNothing,
        ),
        [hears('because of the weather'), hears('Thank you for calling')],
        [hears('because of the weather'), presses('999'), hears('Thank you for calling')],
      ],
    },
    {
      before: (desk) => desk.setCells('Announcements', { name: 'Something else' }),
      calls: [[hears('thank you for calling'), ...saysTooLittle, hears('did not hear anything')]],
    },
    {
      before: (desk) => desk.setCells('Front desk numbers', { team: 'Nobody' }),
      calls: [[hears('thank you for calling'), nobody, ...leavesMessage]],
    },
    {
      before: (desk) => desk.setCells('Front desk numbers', { team: 'Front desk', number: '+4940669690' }),
      calls: [rings],
    },
    { transfers: 'decline', calls: [[...rings, nobody, ...leavesMessage]] },
  ],
}

describe.each(templateIds)('%s', (id) => {
  it('publishes without a warning, and callers take every way out of every block', { timeout: 180_000 }, async () => {
    const desk = await open(id)
    const { shared } = await telephone.store.calendars.shared(telephone.identity.tenantId)
    expect(
      check(desk.flow, { shared, names: { secret: {}, value: { ticketService: 'https://tickets.example' } } }),
    ).toEqual([])
    for (const { before, calls, ...dialled } of rounds[id]) {
      await before?.(desk)
      await Promise.all(calls.map((deeds) => desk.calls(deeds, dialled)))
    }
    expect((await exitsOf(desk)).filter((exit) => !desk.taken.has(exit))).toEqual([])
  })
})
