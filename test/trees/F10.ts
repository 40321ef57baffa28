import { block, collect, draw, hangUp, menu, say } from '#flow/testing/draw.ts'
import { away, declared, http, later, node, post, record, type Tree } from './tree.ts'

/** The outage line of a power cooperative. */

const ask = (variable: string, minDigits: number, maxDigits: number, prompt: string, collected = 'lookUp') =>
  collect({ collected, invalid: 'bye', noInput: 'bye' }, { variable, minDigits, maxDigits, prompt })
const places = { places: 'response.body.places' }

const flow = draw(
  {
    find: http('/members?phone=${caller.phone}', places, { '2xx': 'addresses', '404': 'known', ...away('known') }),
    known: menu(
      '12',
      { '1': 'phone', '2': 'account', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'If you know the phone number of the place press 1, else press 2.' },
    ),
    phone: ask('number', 10, 10, 'Enter the phone number.'),
    account: ask('number', 4, 8, 'Enter the account number, then pound.'),
    lookUp: http('/places?number=${number}', places, { '2xx': 'addresses', '404': 'known', ...away('sorry') }),
    addresses: block(
      'readList',
      {
        ...{
          list: 'places',
          intro: 'We have ${count} addresses for you.',
          item: '${item.street}. If it is this one press 1, for the next press pound.',
        },
        ...{ chooseKey: '1', repeatKey: '', variable: 'place' },
      },
      { chosen: 'confirm', finished: 'known' },
    ),
    confirm: menu(
      '12',
      { '1': 'power', '2': 'known', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'It is about ${place.street}. If the address is right press 1, else press 2.' },
    ),
    power: menu(
      '12',
      { '1': 'circuit', '2': 'message', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'If your power is off press 1. If it is on press 2.' },
    ),
    circuit: http(
      '/circuits/${place.circuit}',
      { state: 'response.body.state' },
      { '2xx': 'told', ...away('details') },
    ),
    told: say('Your circuit: ${state}.', { done: 'details' }),
    details: menu(
      '12',
      { '1': 'message', '2': 'callback', noInput: 'bye', noMatch: 'bye' },
      { prompt: 'If you have details press 1, else press 2.' },
    ),
    message: record(
      'Say after the tone what you have seen.',
      { recorded: 'second', noAudio: 'callback' },
      { maxSeconds: 20 },
    ),
    second: record(
      'Say after the tone where it is.',
      { recorded: 'callback', noAudio: 'callback' },
      { maxSeconds: 20 },
    ),
    callback: menu(
      '12',
      { '1': 'number', '2': 'keep', noInput: 'keep', noMatch: 'keep' },
      { prompt: 'If you want a call back press 1, else press 2.' },
    ),
    number: ask('back', 10, 10, 'Enter the number to call.', 'keep'),
    keep: post(
      '/reports',
      '{"place": ${place.id}, "callBack": ${back}}',
      { report: 'response.body.report' },
      { '2xx': 'done', ...away('sorry') },
    ),
    done: say('Your outage has been reported under the number ${report}.', { done: 'bye' }),
    sorry: say('We cannot reach our records now. Please call again later.', { done: 'bye' }),
    bye: hangUp('Goodbye.'),
  },
  {
    name: 'Cooperative',
    variables: declared({ digits: 'number back report', text: 'state', list: 'places', object: 'place' }),
  },
)

const five = ['Mill Lane', 'Hill Road', 'Lake View', 'Fern Way', 'Oak Street'].map((street, n) => ({
  id: n + 1,
  circuit: 40 + n,
  street,
}))

export const cooperative: Tree = {
  flow,
  worlds: { member: { phone: '+14255550142' }, unknown: {} },
  answers: {
    find: [{ status: 200, json: { places: five } }, { status: 404 }],
    lookUp: [
      { status: 200, json: { places: five.slice(0, 1) } },
      { status: 200, json: { places: [] } },
      { status: 404 },
    ],
    circuit: [{ status: 200, json: { state: 'a crew is on its way' } }],
    keep: [{ status: 201, json: { report: '880' } }],
  },
  nodes: [
    node('know number menu', 'known 1', 'If you know the phone number of the place press 1'),
    node('ask phone', 'phone collected', 'Enter the phone number.'),
    node('ask account', 'account collected', 'Enter the account number, then pound.'),
    node('confirm menu', 'confirm 1', 'If the address is right press 1'),
    node('power menu', 'power 1', 'If your power is off press 1.'),
    node('details menu', 'details 1', 'If you have details press 1'),
    node('callback menu', 'callback 1', 'If you want a call back press 1'),
    node('ask callback', 'number collected', 'Enter the number to call.'),
    node('done', 'done done', 'Your outage has been reported'),
    node('look up by caller id', 'find 2xx', 'We have 5 addresses for you.'),
    node('addresses read out, up to 5', 'find 2xx, addresses finished', 'Oak Street. If it is this one'),
    node('circuit state', 'circuit 2xx, told done', 'Your circuit: a crew is on its way.'),
    node('message of 20 seconds', 'message recorded', 'Say after the tone what you have seen.'),
    node('second message of 20 seconds', 'message recorded, second recorded', 'Say after the tone where it is.'),
    node('keep the report', 'keep 2xx, done done', 'under the number 8 8 0.'),
    later('call back when power is restored', 'outbound calls and messages'),
  ],
}
