import { describe, expect, it } from 'vitest'
import { kindOf } from '#flow/kinds.ts'
import type { CallItem } from '../wire.ts'
import { breakOf, explain, markOf, outcomeWords, resultsMeant } from './outcomes.ts'

const kindNamed = (type: string) => {
  const { handsOver, permissions } = kindOf(type) ?? expect.fail(`There is no ${type}.`)
  return { handsOver, permissions }
}

const blocks = {
  incoming: { id: 'incoming', name: 'Main number', type: 'incomingCall', kind: kindNamed('incomingCall') },
  menu: { id: 'menu', name: 'Main menu', type: 'menu', kind: kindNamed('menu') },
  welcome: { id: 'welcome', name: 'Welcome', type: 'play', kind: kindNamed('play') },
  sales: { id: 'sales', name: 'Sales', type: 'transferToPerson', kind: kindNamed('transferToPerson') },
  nobody: { id: 'nobody', name: 'Nobody free', type: 'play', kind: kindNamed('play') },
  apology: { id: '$apology', name: '' },
  end: { id: '$hangUp', name: '' },
}

type Call = Parameters<typeof outcomeWords>[0]
const call = (more: Partial<Call>): Call => ({
  ...{
    result: 'live',
    outcome: null,
    endCode: null,
    endSubcode: null,
    lastBlock: null,
    failedBlock: null,
    problem: null,
  },
  ...more,
})
const ended = (outcome: string, end: string): Partial<Call> => {
  const [endCode = null, endSubcode = null] = end === '' ? [] : end.split('/').map(Number)
  return { outcome, endCode, endSubcode }
}
const bad = (outcome: string, end: string, more: Partial<Call> = {}) =>
  call({ result: 'notReached', ...ended(outcome, end), ...more })
const refused = { failedBlock: blocks.sales, problem: '403/7504' }

describe('what happened in a call', () => {
  it.each<[string, Call]>([
    ['In Main menu', call({ lastBlock: blocks.menu })],
    ['In Sales, ringing', call({ lastBlock: blocks.sales })],
    ['Being answered', call({})],
    ['Transferred to Sales', call({ result: 'transferred', lastBlock: blocks.sales })],
    ['Heard Welcome', call({ result: 'finished', lastBlock: blocks.welcome })],
    ['Heard to the end', call({ result: 'finished', lastBlock: blocks.end })],

    [
      'Caller hung up in Main menu',
      call({ result: 'left', ...ended('callerHungUp', '200/4521'), lastBlock: blocks.menu }),
    ],
    [
      'Caller hung up before the call was answered',
      call({ result: 'left', ...ended('callerHungUp', '200/4521'), lastBlock: blocks.incoming }),
    ],
    [
      'Somebody removed the bot from the call',
      call({ result: 'left', ...ended('callerHungUp', '200/5000'), lastBlock: blocks.menu }),
    ],
    ['Ended with 200/123', call({ result: 'left', ...ended('callerHungUp', '200/123'), lastBlock: blocks.menu })],
    ['The call ended in Main menu', call({ result: 'left', outcome: 'callerHungUp', lastBlock: blocks.menu })],

    ['Sales refused, heard Nobody free', bad('endedByFlow', '200/7000', { ...refused, lastBlock: blocks.nobody })],
    ['Sales refused, hung up', bad('callerHungUp', '200/4521', { ...refused, lastBlock: blocks.nobody })],
    ['Sales refused, connection lost', bad('lost', '410/301005', { ...refused, lastBlock: blocks.nobody })],
    ['Sales refused, call ended', bad('failed', '', { ...refused, lastBlock: blocks.end })],
    ['Sales refused, heard the apology', bad('failed', '', { ...refused, lastBlock: blocks.apology })],
    [
      'Sales did not take the call, hung up',
      bad('callerHungUp', '200/4521', { failedBlock: blocks.sales, problem: 'notTaken' }),
    ],
    [
      'Sales did not answer, hung up',
      bad('callerHungUp', '200/4521', { failedBlock: blocks.sales, problem: 'noAnswer' }),
    ],
    [
      'Sales was not reached, hung up',
      bad('callerHungUp', '200/4521', { failedBlock: blocks.sales, problem: 'timeout' }),
    ],
    [
      'Welcome failed, call ended',
      bad('failed', '', { failedBlock: blocks.welcome, problem: '400/8536', lastBlock: blocks.end }),
    ],
    [
      'Could not be answered',
      bad('failed', '', { failedBlock: blocks.incoming, problem: '403/7503', lastBlock: blocks.end }),
    ],

    ['Sent on: Main menu', call({ result: 'transferred', outcome: 'redirected', lastBlock: blocks.menu })],
    ['Turned away: Main menu', call({ result: 'finished', outcome: 'rejected', lastBlock: blocks.menu })],
    ['Connection lost in Main menu', bad('lost', '404', { lastBlock: blocks.menu })],
    ['Connection lost in Main menu', bad('callerHungUp', '408/8537', { lastBlock: blocks.menu })],
    ['Sound lost in Main menu', bad('callerHungUp', '410/301005', { lastBlock: blocks.menu })],
    ['Lost before it was answered', bad('lost', '', { lastBlock: blocks.incoming })],
    ['Failed in Main menu', bad('failed', '', { lastBlock: blocks.menu })],
    ['Failed in Main menu', bad('aNewOne', '200/7000', { lastBlock: blocks.menu })],
    ['No flow answers this number', bad('noFlow', '', { lastBlock: blocks.incoming })],
    ['Could not be answered', bad('notAnswered', '', { lastBlock: blocks.incoming })],
    ['Sales refused, hung up', bad('notTransferred', '200/4521', { ...refused, lastBlock: blocks.nobody })],
  ])('%s', (words, of) => expect(outcomeWords(of)).toBe(words))

  it('is never fine for a caller who was not served', () => {
    const results: CallItem['result'][] = ['live', 'transferred', 'finished', 'left', 'notReached']
    expect(results.map((result) => markOf({ outcome: null, result }))).toEqual(['live', 'fine', 'fine', 'left', 'bad'])
    // Whether anybody took a call that was sent on is not told.
    expect(markOf({ outcome: 'redirected', result: 'transferred' })).toBe('left')
  })
})

describe('what a failure means', () => {
  it('names the permissions that the block needs, which an administrator can give', () => {
    const transfer = explain('403/7504', kindNamed('transferToPerson'))
    expect(transfer).toMatchObject({ title: 'The app may not transfer calls', administrator: true, said: '403/7504' })
    expect(transfer.cause).toContain('Calls.Initiate.All')
    expect(transfer.todo.join(' ')).toContain('Calls.Initiate.All')
    expect(explain('403/7504', kindNamed('menu')).cause).toContain('Calls.AccessMedia.All')
    expect(explain('403/7504').cause).toMatch(/Calls\.Initiate\.All.*Calls\.AccessMedia\.All/)
  })

  it('says what it knows of a code that nobody explains, and of one that every object has', () => {
    expect(explain('418/1', kindNamed('menu'))).toMatchObject({
      cause: 'the service said 418/1',
      administrator: false,
      said: '418/1',
    })
    expect(explain('constructor', kindNamed('menu'))).toMatchObject({ title: 'This block failed', said: null })
  })

  it('of a call that broke off is its end, and of no other call', () => {
    expect(breakOf(bad('lost', '404'))).toBe('404')
    expect(breakOf(bad('lost', ''))).toBe('lost')
    expect(breakOf(bad('callerHungUp', '410/301005'))).toBe('410/301005')
    expect(breakOf(bad('endedByFlow', '200/7000', refused))).toBeNull()
    expect(breakOf(call({ result: 'left', ...ended('callerHungUp', '200/4521') }))).toBeNull()
  })
})

it('a text can mean an outcome', () => {
  expect(resultsMeant('Hung up')).toEqual(['left'])
  expect(resultsMeant(' not reached')).toEqual(['notReached'])
  expect(resultsMeant('no')).toEqual([])
  expect(resultsMeant('Sales')).toEqual([])
})
