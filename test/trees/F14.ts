import { Table } from '#flow/table.ts'
import { block, collect, draw, hangUp, menu, say } from '#flow/testing/draw.ts'
import { declared, later, node, record, type Tree, weekdaysOf } from './tree.ts'

/** A medical group after hours. */

const calendar = { id: '5f0a1c6e-05f0-4a51-9d2b-000000001401', name: 'Office hours' }
const table = { id: '5f0a1c6e-05f0-4a51-9d2b-000000001402', name: 'On call' }
const doctor = { first: '2029-01-01', last: '2059-12-31', doctor: 'Doctor Rowan' }

const flow = draw(
  {
    hours: block('businessHours', { calendar }, { open: 'desk', closed: 'hello' }),
    desk: block(
      'transferToPerson',
      {
        person: { id: '5f0a1c6e-05f0-4a51-9d2b-000000001403', name: 'Front desk' },
        announcement: 'Connecting you to the front desk.',
      },
      { failed: 'hello' },
    ),
    hello: say(
      'Thank you for calling the medical group. In an emergency hang up and dial 911. Otherwise stay on the line.',
      {
        done: 'menu',
      },
    ),
    menu: menu(
      '123',
      { '1': 'refill', '2': 'urgent', '3': 'other', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'For a refill press 1. For an urgent call back press 2. For anything else press 3.' },
    ),
    refill: say('Please call your pharmacy.', { done: 'bye' }),
    urgent: collect(
      { collected: 'right', invalid: 'bye', noInput: 'bye' },
      { variable: 'number', minDigits: 10, maxDigits: 10, prompt: 'Enter the number for the call back.' },
    ),
    right: block(
      'confirm',
      { value: 'number', style: 'digits', prompt: 'We will call ${value}. If that is right press 1, else press 2.' },
      { accepted: 'reason', redo: 'urgent', gaveUp: 'bye' },
    ),
    reason: record('Say your name and the reason of your call after the tone.', {
      recorded: 'onCall',
      noAudio: 'onCall',
    }),
    onCall: block(
      'tableLookUp',
      {
        table,
        match: { kind: 'today', first: 'first', last: 'last' },
        results: [{ column: 'doctor', variable: 'doctor' }],
      },
      { found: 'soon', notFound: 'hospital' },
    ),
    soon: say('${doctor} is on call and will call you back.', { done: 'bye' }),
    hospital: say('Nobody is on call today. Please go to the hospital.', { done: 'bye' }),
    other: say('Please call in office hours.', { done: 'bye' }),
    bye: hangUp('Goodbye.'),
  },
  { name: 'Medical group', timeZone: 'America/Denver', variables: declared({ digits: 'number', text: 'doctor' }) },
)

export const medicalGroup: Tree = {
  flow,
  shared: {
    calendars: {
      [calendar.id]: weekdaysOf(calendar.name, 'America/Denver', ['08:00', '17:00'], { '07-04': 'Independence Day' }),
    },
    tables: {
      [table.id]: Table.parse({
        name: table.name,
        columns: [
          { id: 'first', name: 'First day', type: 'day' },
          { id: 'last', name: 'Last day', type: 'day' },
          { id: 'doctor', name: 'Doctor', type: 'text' },
        ],
      }),
    },
  },
  worlds: {
    holiday: { on: { day: '07-04', at: '18:00' } },
    day: { on: { day: 'wednesday', at: '18:00' } },
    night: { on: { day: 'sunday', at: '18:00' }, rows: { [table.id]: [doctor] } },
    nobody: { on: { day: 'saturday', at: '18:00' }, rows: { [table.id]: [{ ...doctor, last: '2029-12-31' }] } },
  },
  nodes: [
    node('greeting', 'hello done', 'In an emergency hang up and dial 911.'),
    node('menu', 'menu 1', 'For a refill press 1.'),
    node('refill text', 'refill done', 'Please call your pharmacy.'),
    node('ask number', 'urgent collected', 'Enter the number for the call back.'),
    node('other text', 'menu 3, other done', 'Please call in office hours.'),
    node('read the number back', 'right accepted', 'We will call 1 1 1'),
    node('record the reason', 'reason recorded', 'the reason of your call after the tone.'),
    node('doctor on call by schedule', 'onCall found, soon done', 'Doctor Rowan is on call'),
    later('page the doctor', 'outbound calls and messages'),
    node('office hours', 'hours open, desk done', 'Connecting you to the front desk.'),
  ],
}
