import { block, draw, hangUp, menu, say, when } from '#flow/testing/draw.ts'
import { later, node, record, type Tree, weekdaysOf } from './tree.ts'

/** The main attendant of a company. */

const calendar = { id: '5f0a1c6e-05f0-4a51-9d2b-000000000501', name: 'Office hours' }
const queueOf = (name: string, id: string) => ({ queue: { id, name }, announcement: `Connecting you to ${name}.` })
const boxEnds = { recorded: 'thanks', noAudio: 'bye' }

const flow = draw(
  {
    hours: block(
      'businessHours',
      { calendar, variable: 'holiday' },
      { open: 'hello', closed: 'night', holiday: 'which' },
    ),
    which: when({ christmas: 'holiday == "Christmas Day"' }, { christmas: 'christmas', else: 'newYear' }),
    christmas: hangUp('We are closed for Christmas. Merry Christmas.'),
    newYear: hangUp('We are closed on the first of January. Happy New Year.'),
    hello: say('Thank you for calling.', { done: 'open' }),
    open: menu(
      '12340',
      {
        '1': 'sales',
        '2': 'support',
        '3': 'byName',
        '4': 'address',
        '0': 'operator',
        noInput: 'operator',
        noMatch: 'operator',
      },
      {
        prompt:
          'For sales press 1. For support press 2. For a person by name press 3. For our address press 4. For anything else press 0.',
      },
    ),
    sales: block('transferToQueue', queueOf('sales', '5f0a1c6e-05f0-4a51-9d2b-000000000511'), { failed: 'operator' }),
    support: block('transferToQueue', queueOf('support', '5f0a1c6e-05f0-4a51-9d2b-000000000512'), {
      failed: 'operator',
    }),
    byName: menu(
      '90',
      { '9': 'open', '0': 'operator', noInput: 'open', noMatch: 'open' },
      { prompt: 'The operator knows everybody by name: press 0. To go back press 9.' },
    ),
    address: say('You find us at 1 Main Street.', { done: 'again' }),
    again: menu(
      '*9',
      { '*': 'address', '9': 'open', noInput: 'open', noMatch: 'bye' },
      { prompt: 'To hear that again press star. For the menu press 9.' },
    ),
    operator: block(
      'transferToPerson',
      { person: { id: '5f0a1c6e-05f0-4a51-9d2b-000000000521', name: 'Front office' }, announcement: 'Connecting you.' },
      { failed: 'bye' },
    ),
    night: menu(
      '12',
      { '1': 'salesBox', '2': 'supportBox', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'We are closed. To leave a message for sales press 1, for support press 2.' },
    ),
    salesBox: record('Please leave your message for sales after the tone.', boxEnds),
    supportBox: record('Please leave your message for support after the tone.', boxEnds),
    thanks: hangUp('Thank you. We will call back.'),
    bye: hangUp('Goodbye.'),
  },
  { name: 'Main attendant', timeZone: 'America/Chicago', variables: { holiday: { type: 'text', initial: '' } } },
)

/** Hours of the zone that those of UTC are not: at 21:30 of UTC it is afternoon there, at 09:00 night. */
export const attendant: Tree = {
  flow,
  shared: {
    calendars: {
      [calendar.id]: weekdaysOf(calendar.name, 'America/Chicago', ['08:00', '17:00'], {
        '12-25': 'Christmas Day',
        '01-01': 'New Year',
      }),
    },
    tables: {},
  },
  worlds: {
    open: { on: { day: 'tuesday', at: '21:30' } },
    closed: { on: { day: 'tuesday', at: '09:00' } },
    christmas: { on: { day: '12-25', at: '18:00' } },
    newYear: { on: { day: '01-01', at: '18:00' } },
  },
  nodes: [
    node('greeting', 'hello done', 'Thank you for calling.'),
    node('open-hours menu', 'open 4', 'For sales press 1. For support press 2.'),
    node('key 0 operator', 'open 0, operator done', 'Connecting you.'),
    node('operator fallback after three silences', 'open noInput', 'Connecting you.'),
    node('announcement of the address', 'address done', 'You find us at 1 Main Street.'),
    node('return to the menu after it', 'again 9', 'For the menu press 9.'),
    node('key 1 sales queue', 'open 1, sales done', 'Connecting you to sales.'),
    node('key 2 support queue', 'open 2, support done', 'Connecting you to support.'),
    later('key 3 dial by name', 'dial by name'),
    node('schedule of business hours', 'hours open'),
    node('after-hours greeting and menu', 'hours closed, night 1', 'We are closed.'),
    node('after-hours key 1 shared voicemail', 'night 1, salesBox recorded', 'Please leave your message for sales'),
    node('after-hours key 2 shared voicemail', 'night 2, supportBox recorded', 'Please leave your message for support'),
    node('holiday schedule Christmas', 'hours holiday, which christmas'),
    node('holiday greeting Christmas and hang up', 'which christmas', 'Merry Christmas.'),
    node('holiday schedule New Year', 'hours holiday, which else'),
    node('holiday greeting New Year and hang up', 'which else', 'Happy New Year.'),
    later('dial by name: scope by groups', 'dial by name'),
    node('dial by name: key 9 back', 'byName 9', 'To go back press 9.'),
    later('dial by name: speech', 'speech input'),
    node('time zone', 'hours open, hello done'),
  ],
}
