import type { Block } from '#flow/flow.ts'
import { block, collect, draw, hangUp, menu, say } from '#flow/testing/draw.ts'
import type { Value } from '#flow/values.ts'
import { away, declared, http, node, post, type Tree } from './tree.ts'

/** A county library: renewals by phone. */

const options = (keys: string, exits: Record<string, string>, prompt: string): Block =>
  menu(keys, { ...exits, noInput: 'bye', noMatch: 'bye' }, { prompt })
const ask = (
  variable: string,
  collected: string,
  prompt: string,
  more: { minDigits: number; maxDigits: number; sensitive?: boolean },
) => collect({ collected, invalid: 'bye', noInput: 'bye' }, { variable, prompt, ...more })

/** A list of the service, read out; pound goes on to the next. */
const list = (name: string, item: string, back: string): Record<string, Block> => ({
  [name]: http(`/${name}/\${card}`, { items: 'response.body.items' }, { '2xx': `${name}List`, ...away('sorry') }),
  [`${name}List`]: block('readList', { list: 'items', intro: 'There are ${count}.', item }, { finished: back }),
})

const flow = draw(
  {
    welcome: say('Welcome to the library.', { done: 'main' }),
    main: options(
      '129',
      { '1': 'card', '2': 'news', '9': 'bye' },
      'For your record press 1, for announcements press 2, to end press 9.',
    ),
    news: say('The library is closed on holidays.', { done: 'main' }),
    card: ask('card', 'pin', 'Enter your card number, then pound.', { minDigits: 6, maxDigits: 14 }),
    pin: ask('pin', 'check', 'Enter your 4 digit PIN.', { minDigits: 4, maxDigits: 4, sensitive: true }),
    check: post(
      '/check',
      '{"card": ${card}, "pin": ${pin}}',
      {},
      { '2xx': 'record', '4xx': 'wrong', ...away('sorry') },
    ),
    wrong: say('Card and PIN do not fit.', { done: 'card' }),
    record: options(
      '1234*',
      { '1': 'renew', '2': 'out', '3': 'holds', '4': 'charges', '*': 'main' },
      'Press 1 to renew, press 2 for items checked out, press 3 for holds, press 4 for charges, press star for the main menu.',
    ),
    renew: options(
      '12*',
      { '1': 'renewHow', '2': 'titles', '*': 'record' },
      'Press 1 to renew items, press 2 for a list, press star to go back.',
    ),
    renewHow: options(
      '12*',
      { '1': 'renewAll', '2': 'toRenew', '*': 'renew' },
      'Press 1 for all, press 2 for one at a time, press star to go back.',
    ),
    renewAll: post(
      '/renewals',
      '{"card": ${card}}',
      { items: 'response.body.items' },
      { '2xx': 'allRenewed', ...away('sorry') },
    ),
    allRenewed: say('Renewed: ${items}.', { done: 'record' }),
    toRenew: http('/renewable/${card}', { items: 'response.body.items' }, { '2xx': 'oneByOne', ...away('sorry') }),
    oneByOne: block(
      'readList',
      {
        ...{
          list: 'items',
          intro: 'There are ${count}.',
          item: '${item}. To renew it press 1, for the next press pound.',
        },
        ...{ chooseKey: '1', repeatKey: '', variable: 'item' },
      },
      { chosen: 'renewOne', finished: 'renew' },
    ),
    renewOne: post(
      '/renewals/one',
      '{"card": ${card}, "title": ${item}}',
      { due: 'response.body.due' },
      { '2xx': 'oneRenewed', ...away('sorry') },
    ),
    oneRenewed: say('${item} is due on ${date(due)}.', { done: 'renew' }),
    out: options(
      '12*',
      { '1': 'titles', '2': 'overdue', '*': 'record' },
      'Press 1 for all titles, press 2 for overdue titles, press star to go back.',
    ),
    ...list('titles', '${item}. For the next press pound, to repeat press star.', 'record'),
    ...list(
      'overdue',
      '${item.title}, since ${date(item.due)}. For the next press pound, to repeat press star.',
      'out',
    ),
    holds: options('1*', { '1': 'held', '*': 'record' }, 'Press 1 for a list of holds, press star to go back.'),
    ...list('held', '${item}. For the next press pound, to repeat press star.', 'holds'),
    charges: options('1*', { '1': 'owed', '*': 'record' }, 'Press 1 for a list of charges, press star to go back.'),
    ...list(
      'owed',
      '${item.title}: ${money(item.amount, "USD")}. For the next press pound, to repeat press star.',
      'charges',
    ),
    sorry: say('The catalogue cannot be reached now.', { done: 'bye' }),
    bye: hangUp('Goodbye.'),
  },
  { name: 'Library renewals', variables: declared({ digits: 'card pin', list: 'items', text: 'item due' }) },
)

const items = (...all: Value[]) => [
  { status: 200, json: { items: all } },
  { status: 200, json: { items: [] } },
]

export const library: Tree = {
  flow,
  answers: {
    check: [{ status: 204 }, { status: 403 }],
    renewAll: [{ status: 200, json: { items: ['Fern Trails', 'Stone Soup'] } }],
    toRenew: items('Fern Trails', 'Stone Soup'),
    renewOne: [{ status: 200, json: { due: '2026-12-24' } }],
    titles: items('Fern Trails', 'Stone Soup', 'Deep Rivers'),
    overdue: items({ title: 'Deep Rivers', due: '2026-11-02' }),
    held: items('Night Birds'),
    owed: items({ title: 'Deep Rivers', amount: 2.5 }),
  },
  nodes: [
    node('welcome', 'welcome done', 'Welcome to the library.'),
    node('main menu', 'main 1', 'For your record press 1'),
    node('announcement', 'news done', 'The library is closed on holidays.'),
    node('end call', 'main 9', 'Goodbye.'),
    node('record menu', 'record 1', 'press 3 for holds'),
    node('renew menu', 'renew 1', 'Press 1 to renew items'),
    node('renew how', 'renewHow 1', 'press 2 for one at a time'),
    node('out menu', 'out 1', 'Press 1 for all titles'),
    node('overdue menu', 'out 2', 'press 2 for overdue titles'),
    node('holds menu', 'holds 1', 'Press 1 for a list of holds'),
    node('charges menu', 'charges 1', 'Press 1 for a list of charges'),
    node('star back', 'renew *', 'press star to go back.'),
    node('ask card', 'card collected', 'Enter your card number'),
    node('ask pin', 'pin collected', 'Enter your 4 digit PIN.'),
    node('check of card and PIN', 'check 4xx, check 2xx', 'Card and PIN do not fit.'),
    node('renew all', 'renewAll 2xx, allRenewed done', 'Renewed: Fern Trails and Stone Soup.'),
    node('renew one at a time', 'renewOne 2xx, oneRenewed done', 'Fern Trails is due on December 24, 2026.'),
    node('list of titles, # for the next', 'titles 2xx, titlesList finished', 'Deep Rivers. For the next press pound'),
    node('list of overdue titles', 'overdue 2xx, overdueList finished', 'Deep Rivers, since November 2, 2026.'),
    node('list of holds', 'held 2xx, heldList finished', 'Night Birds.'),
    node('list of charges', 'owed 2xx, owedList finished', 'Deep Rivers: 2.50 USD.'),
  ],
}
