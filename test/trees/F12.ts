import { assign, block, collect, draw, hangUp, menu, say, when } from '#flow/testing/draw.ts'
import { away, declared, http, node, post, record, type Tree, weekdaysOf } from './tree.ts'

/** The inspections line of a city. */

const calendar = { id: '5f0a1c6e-05f0-4a51-9d2b-000000001201', name: 'Before seven' }
const fails = { invalid: 'bye', noInput: 'bye' }
const number = { number: 'response.body.number' }

const flow = draw(
  {
    main: menu(
      '1',
      { '1': 'contractor', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'To request, cancel or hear inspections press 1.' },
    ),
    contractor: collect(
      { collected: 'who', ...fails },
      {
        variable: 'pin',
        minDigits: 0,
        maxDigits: 6,
        format: 'pattern',
        pattern: '[0-9]{4,6}',
        prompt: 'Contractors enter their PIN and press pound. Owners just press pound.',
      },
    ),
    who: when({ owner: 'pin == ""' }, { owner: 'permit', else: 'checkPin' }),
    checkPin: http('/contractors/${pin}', {}, { '2xx': 'permit', '4xx': 'wrongPin', ...away('sorry') }),
    wrongPin: say('We do not know that PIN.', { done: 'contractor' }),
    permit: collect(
      { collected: 'checkPermit', ...fails },
      {
        variable: 'permit',
        minDigits: 4,
        maxDigits: 8,
        clearKey: '*',
        prompt: 'Enter your permit number, then pound. Star clears it.',
      },
    ),
    checkPermit: http(
      '/permits/${permit}',
      { phone: 'response.body.phone' },
      { '2xx': 'isOwner', '4xx': 'wrongPermit', ...away('sorry') },
    ),
    wrongPermit: say('We do not know that permit.', { done: 'permit' }),
    isOwner: when({ owner: 'pin == ""' }, { owner: 'password', else: 'action' }),
    password: collect(
      { collected: 'lastFour', ...fails },
      {
        variable: 'password',
        minDigits: 4,
        maxDigits: 4,
        sensitive: true,
        prompt: 'Enter the last 4 digits of your phone number as password.',
      },
    ),
    lastFour: when({ right: 'phone.endsWith(password)' }, { right: 'action', else: 'password' }),
    action: menu(
      '1234589',
      {
        '1': 'code',
        '2': 'cancel',
        '3': 'fetch',
        '4': 'message',
        '5': 'permit',
        '8': 'help',
        '9': 'bye',
        noInput: 'bye',
        noMatch: 'bye',
      },
      {
        prompt:
          'Permit ${permit}. Press 1 to request, press 2 to cancel, press 3 for results, press 4 for a message, press 5 for another permit, press 8 for help, press 9 to end.',
      },
    ),
    help: say('If something is wrong press the star key to enter it again.', { done: 'action' }),
    code: collect(
      { collected: 'early', ...fails },
      { variable: 'code', minDigits: 3, maxDigits: 3, prompt: 'Enter the inspection code.' },
    ),
    early: block('businessHours', { calendar }, { open: 'days', closed: 'later' }),
    days: menu(
      '23',
      { '2': 'tomorrow', '3': 'after', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'For tomorrow press 2. For the working day after press 3.' },
    ),
    later: menu(
      '3',
      { '3': 'after', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'It is too late for tomorrow. For the working day after press 3.' },
    ),
    tomorrow: assign({ day: '"tomorrow"' }, { done: 'make' }),
    after: assign({ day: '"the day after"' }, { done: 'make' }),
    make: post('/inspections', '{"permit": ${permit}, "code": ${code}, "day": ${day}}', number, {
      '2xx': 'made',
      ...away('sorry'),
    }),
    made: say('You have an inspection for ${day}. Your confirmation number is ${number}.', { done: 'action' }),
    cancel: post('/inspections/cancel', '{"permit": ${permit}}', number, { '2xx': 'cancelled', ...away('sorry') }),
    cancelled: say('It is cancelled. Your cancellation number is ${number}.', { done: 'action' }),
    fetch: http(
      '/permits/${permit}/results',
      { results: 'response.body.results' },
      { '2xx': 'results', ...away('sorry') },
    ),
    results: block(
      'readList',
      {
        list: 'results',
        intro: 'There are ${count} results.',
        item: '${date(item.day)}: ${item.result}. For the next press pound, to repeat press star.',
      },
      { finished: 'action' },
    ),
    message: record('Leave a message for the inspector after the tone.', { recorded: 'action', noAudio: 'action' }),
    sorry: say('We cannot reach the permit system now.', { done: 'bye' }),
    bye: hangUp('Goodbye.'),
  },
  {
    name: 'Inspections',
    timeZone: 'America/Phoenix',
    variables: declared({ digits: 'pin permit password code number', text: 'phone day', list: 'results' }),
  },
)

const results = [
  { day: '2026-11-03', result: 'passed' },
  { day: '2026-11-17', result: 'to be repeated' },
]

export const inspections: Tree = {
  flow,
  shared: {
    calendars: {
      [calendar.id]: weekdaysOf(calendar.name, 'America/Phoenix', ['00:00', '07:00'], { '07-04': 'Independence Day' }),
    },
    tables: {},
  },
  worlds: {
    early: { on: { day: 'tuesday', at: '12:00' } },
    late: { on: { day: 'tuesday', at: '18:00' } },
    holiday: { on: { day: '07-04', at: '12:00' } },
  },
  typed: { contractor: ['4711#', '47#'], permit: ['9*123456#'], password: ['0142', '0000'] },
  answers: {
    checkPin: [{ status: 204 }, { status: 404 }],
    checkPermit: [{ status: 200, json: { phone: '4255550142' } }, { status: 404 }],
    make: [{ status: 201, json: { number: '90210' } }],
    cancel: [{ status: 200, json: { number: '90211' } }],
    fetch: [
      { status: 200, json: { results } },
      { status: 200, json: { results: [] } },
    ],
  },
  nodes: [
    node('main menu', 'main 1', 'To request, cancel or hear inspections press 1.'),
    node('ask permit', 'permit collected', 'Enter your permit number'),
    node('ask password', 'password collected', 'as password.'),
    node('last four check', 'lastFour else, lastFour right'),
    node('action menu', 'action 1', 'Press 1 to request'),
    node('ask code', 'code collected', 'Enter the inspection code.'),
    node('day menu', 'days 2', 'For tomorrow press 2.'),
    node('help', 'help done', 'If something is wrong press the star key'),
    node('star clears', 'permit collected, checkPermit 2xx, action 1', 'Permit 1 2 3 4 5 6.'),
    node('other permit', 'action 5', 'for another permit'),
    node('end call', 'action 9', 'Goodbye.'),
    node('PIN or just #', 'contractor collected, who owner', 'Owners just press pound.'),
    node('check of PIN and permit', 'checkPin 2xx, checkPermit 2xx'),
    node('make an inspection, confirmation number', 'make 2xx, made done', 'Your confirmation number is 9 0 2 1 0.'),
    node('cancel', 'cancel 2xx, cancelled done', 'Your cancellation number is 9 0 2 1 1.'),
    node('results read out', 'fetch 2xx, results finished', 'November 17, 2026: to be repeated.'),
    node('message for the inspector', 'message recorded', 'Leave a message for the inspector'),
    node('tomorrow only before 7 a.m., working days', 'early closed, later 3', 'It is too late for tomorrow.'),
  ],
}
