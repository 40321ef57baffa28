import { assign, block, collect, draw, hangUp, menu, say, when } from '#flow/testing/draw.ts'
import { away, declared, http, node, post, type Tree, weekdaysOf } from './tree.ts'

/** The outage line of a power company. */

const calendar = { id: '5f0a1c6e-05f0-4a51-9d2b-000000000901', name: 'Office hours' }
const ask = (variable: string, length: number, prompt: string) =>
  collect(
    { collected: 'find', invalid: 'bye', noInput: 'bye' },
    { variable, minDigits: length, maxDigits: length, prompt, invalidPrompt: 'That number is not right.' },
  )

const flow = draw(
  {
    main: menu(
      '12',
      { '1': 'how', '2': 'hours', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'For a power outage press 1. For anything else press 2.' },
    ),
    hours: block('businessHours', { calendar }, { open: 'office', closed: 'service' }),
    office: block(
      'transferToPerson',
      {
        person: { id: '5f0a1c6e-05f0-4a51-9d2b-000000000902', name: 'Office' },
        announcement: 'Connecting you to the office.',
      },
      { failed: 'bye' },
    ),
    service: block(
      'transferToNumber',
      { number: '+14255550142', announcement: 'Connecting you to the answering service.' },
      { failed: 'bye' },
    ),
    how: menu(
      '12',
      { '1': 'phone', '2': 'account', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'To give your phone number press 1, your account number press 2.' },
    ),
    phone: ask('number', 10, 'Enter your phone number with area code.'),
    account: ask('number', 8, 'Enter your account number.'),
    find: http(
      '/accounts?number=${number}',
      { accounts: 'response.body.accounts' },
      { '2xx': 'several', '404': 'again', ...away('sorry') },
    ),
    again: say('We have not found that number. Please try again.', { done: 'how' }),
    several: when({ one: 'size(accounts) == 1' }, { one: 'one', else: 'which' }),
    which: block(
      'readList',
      {
        ...{
          list: 'accounts',
          intro: 'There are ${count} accounts.',
          item: 'For the one in ${item.street} press 1, for the next press pound.',
        },
        ...{ chooseKey: '1', repeatKey: '', variable: 'customer' },
      },
      { chosen: 'name', finished: 'how', empty: 'again' },
    ),
    one: assign({ customer: 'accounts[0]' }, { done: 'name' }),
    name: block(
      'confirm',
      {
        ...{ value: 'customer.lastName', style: 'spelled' },
        prompt: 'The last name on the account is ${value}. If that is right press 1, else press 2.',
      },
      { accepted: 'ticket', redo: 'how', gaveUp: 'bye' },
    ),
    ticket: post(
      '/tickets',
      '{"account": ${customer.id}}',
      { ticket: 'response.body.ticket' },
      { '2xx': 'thanks', ...away('sorry') },
    ),
    thanks: say('Your outage has been reported. Your ticket is ${ticket}.', { done: 'bye' }),
    sorry: say('We cannot look that up now. Please call again later.', { done: 'bye' }),
    bye: hangUp('Goodbye.'),
  },
  {
    name: 'Power outage',
    timeZone: 'America/New_York',
    variables: declared({ digits: 'number ticket', list: 'accounts', object: 'customer' }),
  },
)

const accounts = [
  { id: 71, lastName: 'Ashe', street: 'Mill Lane' },
  { id: 72, lastName: 'Birk', street: 'Hill Road' },
]

export const powerCompany: Tree = {
  flow,
  shared: {
    calendars: {
      [calendar.id]: weekdaysOf(calendar.name, 'America/New_York', ['08:00', '17:00'], { '07-04': 'Independence Day' }),
    },
    tables: {},
  },
  worlds: {
    day: { on: { day: 'thursday', at: '16:00' } },
    night: { on: { day: 'thursday', at: '03:00' } },
    holiday: { on: { day: '07-04', at: '16:00' } },
  },
  answers: {
    find: [
      { status: 200, json: { accounts: accounts.slice(0, 1) } },
      { status: 200, json: { accounts } },
      { status: 200, json: { accounts: [] } },
      { status: 404 },
    ],
    ticket: [{ status: 201, json: { ticket: '5512' } }],
  },
  nodes: [
    node('menu', 'main 1', 'For a power outage press 1.'),
    node('method menu', 'how 1', 'To give your phone number press 1'),
    node('ask phone', 'phone collected', 'Enter your phone number with area code.'),
    node('ask account', 'account collected', 'Enter your account number.'),
    node('confirm menu', 'name accepted', 'If that is right press 1, else press 2.'),
    node('try again', 'again done', 'Please try again.'),
    node('thanks', 'thanks done', 'Your outage has been reported.'),
    node('person in the office', 'office done', 'Connecting you to the office.'),
    node('find the number', 'find 2xx'),
    node('read the last name back', 'one done, name accepted', 'The last name on the account is A, S, H, E.'),
    node('several accounts', 'several else, which chosen', 'For the one in Mill Lane press 1'),
    node('make a ticket', 'ticket 2xx, thanks done', 'Your ticket is 5 5 1 2.'),
    node('day and night paths', 'hours open'),
    node('after hours answering service', 'hours closed, service done', 'Connecting you to the answering service.'),
  ],
}
