import type { Block } from '#flow/flow.ts'
import { block, collect, draw, hangUp, menu, say, when } from '#flow/testing/draw.ts'
import { away, declared, http, later, node, type Tree } from './tree.ts'

/** The line of a prepaid card. */

const options = (keys: string, exits: Record<string, string>, prompt: string, fails = 'bye'): Block =>
  menu(keys, { ...exits, noInput: fails, noMatch: fails }, { prompt })
const ask = (variable: string, collected: string, length: number, prompt: string, sensitive = true) =>
  collect(
    { collected, invalid: 'bye', noInput: 'bye' },
    { variable, minDigits: length, maxDigits: length, prompt, sensitive },
  )
/** The way that the caller went on wrongly leads back. */
const is = (variable: string, value: string, right: string, wrong: string): Block =>
  when({ right: `${variable} == "${value}"` }, { right, else: wrong })

const hearAgain = (name: string) =>
  options(
    '109',
    { '1': name, '0': 'person', '9': 'main' },
    'To hear that again press 1, for a person press 0, for the main menu press 9.',
  )
const toAccount = () =>
  options(
    '109',
    { '1': 'account', '0': 'person', '9': 'main' },
    'For your account press 1, for the main menu press 9, for a person press 0.',
  )

const flow = draw(
  {
    main: options(
      '12345609',
      {
        '1': 'products',
        '2': 'offers',
        '3': 'last4',
        '4': 'join',
        '5': 'card',
        '6': 'rate',
        '0': 'person',
        '9': 'main',
      },
      'Welcome. For products press 1, for offers press 2, for your account press 3, to become a member press 4, to activate a card press 5, for the rate of the day press 6, for a person press 0, to hear this again press 9.',
      'failed',
    ),
    failed: options(
      '10',
      { '1': 'main', '0': 'person' },
      'Sorry, that did not work. For the main menu press 1, for a person press 0.',
    ),
    products: say('We have a plastic card and other products.', { done: 'productsEnd' }),
    productsEnd: hearAgain('products'),
    offers: say('There are extra points for tickets and for friends.', { done: 'offersEnd' }),
    offersEnd: hearAgain('offers'),
    last4: ask('last4', 'check4', 4, 'Enter the last 4 digits of your card.'),
    check4: is('last4', '1212', 'pin', 'last4'),
    pin: ask('pin', 'checkPin', 4, 'Enter your PIN.'),
    checkPin: is('pin', '1234', 'fetch', 'pin'),
    fetch: http(
      '/account',
      { account: 'response.body' },
      { '2xx': 'account', ...away('sorry') },
      { auth: 'bearer', secret: 'cards' },
    ),
    account: options(
      '123450',
      { '1': 'balance', '2': 'last', '3': 'rewards', '4': 'cardIssues', '5': 'accountIssues', '0': 'person' },
      'For the balance press 1, for the last transaction press 2, for rewards press 3, for card issues press 4, for account issues press 5, for a person press 0.',
    ),
    balance: say('Your balance is ${money(account.balance, "USD")}.', { done: 'accountEnd' }),
    last: say('On ${date(account.last.day)} you paid ${money(account.last.amount, "USD")}.', { done: 'accountEnd' }),
    accountEnd: options(
      '109',
      { '1': 'account', '0': 'person', '9': 'main' },
      'For more press 1, for the main menu press 9, for a person press 0.',
    ),
    rewards: options(
      '1234',
      { '1': 'points', '2': 'order', '3': 'rewards', '4': 'account' },
      'For points press 1, for orders press 2, to repeat press 3, to go back press 4.',
    ),
    points: say('You have ${account.points} points.', { done: 'rewardsEnd' }),
    order: say('Your order ${digits(account.order.id)} is ${account.order.state}.', { done: 'rewardsEnd' }),
    rewardsEnd: options(
      '109',
      { '1': 'rewards', '0': 'person', '9': 'main' },
      'For rewards press 1, for the main menu press 9, for a person press 0.',
    ),
    cardIssues: toAccount(),
    accountIssues: toAccount(),
    join: say('You need a proof of identity. Apply on our site.', { done: 'joinEnd' }),
    joinEnd: options('09', { '0': 'person', '9': 'main' }, 'For the main menu press 9, for a person press 0.'),
    card: ask('card', 'checkCard', 14, 'Enter the 14 digits of your new card.'),
    checkCard: is('card', '12121212121212', 'expiry', 'card'),
    expiry: ask('expiry', 'checkExpiry', 4, 'Enter month and year of expiry.'),
    checkExpiry: is('expiry', '1131', 'code', 'card'),
    code: ask('code', 'checkCode', 3, 'Enter the 3 digits on the back.'),
    checkCode: is('code', '111', 'born', 'card'),
    born: ask('born', 'checkBorn', 4, 'Enter your year of birth.'),
    checkBorn: is('born', '1990', 'done', 'card'),
    done: options(
      '09',
      { '0': 'person', '9': 'main' },
      'Thank you, your card is being activated. For the main menu press 9, for a person press 0.',
    ),
    rate: http('/rate', { rate: 'response.body.rate' }, { '2xx': 'rated', ...away('sorry') }),
    rated: say('The rate of the day is ${rate} percent.', { done: 'main' }),
    person: say('You will be connected shortly.', { done: 'give' }),
    give: block('transferToNumber', { number: '+14255550142', announcement: '' }, { failed: 'main' }),
    sorry: say('We cannot reach your account now.', { done: 'main' }),
    bye: hangUp('Goodbye.'),
  },
  {
    name: 'Prepaid card',
    variables: declared({ digits: 'last4 pin card expiry code born', object: 'account', number: 'rate' }),
  },
)

export const prepaidCard: Tree = {
  flow,
  typed: {
    ...{ last4: ['1212', '0000'], pin: ['1234', '0000'], card: ['12121212121212', '00000000000000'] },
    ...{ expiry: ['1131', '0000'], code: ['111', '000'], born: ['1990', '0000'] },
  },
  answers: {
    fetch: [
      {
        status: 200,
        json: {
          ...{ balance: 20.5, points: 340, last: { day: '2026-11-20', amount: 7 } },
          order: { id: '8812', state: 'on its way' },
        },
      },
    ],
    rate: [{ status: 200, json: { rate: 3 } }],
  },
  nodes: [
    node('Trigger', 'incoming next', 'Welcome.'),
    node('main menu key pressed', 'main 1', 'For products press 1'),
    node('menu failed digit', 'failed 1', 'Sorry, that did not work.'),
    node('list of products', 'products done', 'We have a plastic card'),
    node('product ending digit', 'productsEnd 1', 'To hear that again press 1'),
    node('products no answer', 'productsEnd noInput', 'To hear that again press 1'),
    node('list of promos', 'offers done', 'There are extra points'),
    node('promo ending digit', 'offersEnd 9', 'for the main menu press 9.'),
    node('promo no answer', 'offersEnd noInput', 'Goodbye.'),
    node('card info 4digit check', 'check4 else, check4 right'),
    node('card info pin check', 'checkPin else, checkPin right'),
    node('check acc info', 'account 1'),
    node('acc detail end digit', 'accountEnd 1', 'For more press 1'),
    node('become member say', 'join done', 'You need a proof of identity.'),
    node('become member digit', 'joinEnd 9', 'For the main menu press 9'),
    node('activate card 16digit voice', 'checkCard else, checkCard right'),
    node('card expiry split', 'checkExpiry right'),
    node('activate cvv split', 'checkCode right'),
    node('activate year birth split', 'checkBorn right'),
    node('activation final split', 'done 9'),
    node('call say', 'person done', 'You will be connected shortly.'),
    node('reward menu digit', 'rewards 1'),
    node('rewards ending split', 'rewardsEnd 1'),
    node('card issues split', 'cardIssues 1'),
    node('split 4', 'accountIssues 1'),
    node('card info gather', 'last4 collected', 'Enter the last 4 digits of your card.'),
    node('card info pin gather', 'pin collected', 'Enter your PIN.'),
    node('check acc menu', 'account 2', 'for the last transaction press 2'),
    node('activate card 16digit', 'card collected', 'Enter the 14 digits of your new card.'),
    node('card expiry activate gather', 'expiry collected', 'Enter month and year of expiry.'),
    node('activate cvv gather', 'code collected', 'Enter the 3 digits on the back.'),
    node('activate year birth gather', 'born collected', 'Enter your year of birth.'),
    node('activation final gather', 'done 0', 'your card is being activated.'),
    node('reward menu', 'rewards 3', 'to repeat press 3'),
    node('rewards ending gather', 'rewardsEnd 9', 'For rewards press 1'),
    node('card issues gather', 'cardIssues 9', 'For your account press 1'),
    node('account issues gather', 'accountIssues 9', 'For your account press 1'),
    later('main menu', 'speech input'),
    later('main menu failed', 'speech input'),
    later('products ending', 'speech input'),
    later('promo ending', 'speech input'),
    later('acc details end', 'speech input'),
    later('become member gather', 'speech input'),
    later('main menu speech', 'speech input'),
    later('menu failed voice', 'speech input'),
    later('product ending speech', 'speech input'),
    later('promo ending speech', 'speech input'),
    later('acc detail end voice', 'speech input'),
    later('become member voice', 'speech input'),
    node('acc bal say', 'balance done', 'Your balance is 20.50 USD.'),
    node('last trans say', 'last done', 'On November 20, 2026 you paid 7.00 USD.'),
    node('points play', 'points done', 'You have 340 points.'),
    node('order status play', 'order done', 'Your order 8 8 1 2 is on its way.'),
    node('function 1', 'rate 2xx, rated done', 'The rate of the day is 3 percent.'),
    node('connect call 1', 'give done', 'You will be connected shortly.'),
  ],
}
