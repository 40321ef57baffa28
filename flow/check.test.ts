import { describe, expect, it } from 'vitest'
import { canPublish, check, type ProblemCode } from './check.ts'
import type { Block, Flow } from './flow.ts'
import { emptyFlow, frontDesk } from './sample.ts'
import { adele, assign, block, collect, draw, hangUp, menu, rings, say, transfer, when } from './testing/draw.ts'
import { callTo, drawSub, flowIds, giveBack, goTo } from './testing/subFlows.ts'

const bye = hangUp()
const loop = (blocks: Record<string, Block>) => draw({ ...blocks, bye })
const menuOut = { noInput: 'bye', noMatch: 'bye' }
const afterCall = (first: Block, more: Record<string, Block> = {}, rest: Partial<Flow> = {}) =>
  draw({ bye, after: first, ...more }, { onHangUp: 'after', ...rest })
/** A loop that counts in `n`, with a block on its way that sets something. */
function counted(assigned: string) {
  const [variable = '', value = ''] = assigned.split(' = ')
  return draw(
    {
      a: block('loop', { times: 2, variable: 'n' }, { again: 'set', done: 'bye' }),
      set: assign({ [variable]: value }, { done: 'a' }),
      bye,
    },
    { variables: { n: { type: 'number' }, m: { type: 'number' } } },
  )
}
const secretly = (blocks: Record<string, Block>) =>
  draw(blocks, {
    variables: {
      pin: { type: 'secret', initial: '1' },
      entry: { type: 'digits', initial: '' },
      copy: { type: 'text', initial: '' },
    },
  })
const initial = (
  type: 'text' | 'number' | 'boolean' | 'digits' | 'list' | 'user',
  value: string | number | boolean | string[],
) => draw({ bye }, { variables: { v: { type, initial: value } } })
const unset = (first: Block, more: Record<string, Block> = {}) =>
  draw({ first, bye, ...more }, { variables: { v: { type: 'number' }, w: { type: 'text', initial: '' } } })

const redirectTo = (target: { kind: string; id: string; name: string }) => block('redirect', { targets: [target] })
const redirect = redirectTo({ kind: 'person', ...adele })
const account = '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10'
const toNumber = block('transferToNumber', { number: '+49 30 5550 0142', announcement: '' }, { failed: 'bye' })
const toQueue = block('transferToQueue', { queue: { id: account, name: '' }, announcement: '' }, { failed: 'bye' })
/** A flow and what it answers. */
const answered = new Map<Flow, readonly (string | null)[]>()
function routed(flow: Flow, ...answers: (string | null)[]): Flow {
  answered.set(flow, answers)
  return flow
}
const asks = (prompt: string, keys: string, more: Block['settings'] = {}) =>
  menu(keys, { ...Object.fromEntries([...keys].map((key) => [key, 'bye'])), ...menuOut }, { prompt, ...more })

const waits = (seconds: number, to: string) => block('wait', { seconds }, { done: to })
const keysOf = (keys: string[], more: Block['settings'] = {}) =>
  block(
    'keysAnywhere',
    { options: keys.map((key) => ({ key, label: key })), ...more },
    Object.fromEntries(keys.map((key) => [key, 'bye'])),
  )
/** Two blocks of keys that work anywhere. */
const anywhere = (one: string[], other: string[], more?: Block['settings']) =>
  draw({ a: asks('Hello.', '1'), keys: keysOf(one), others: keysOf(other, more), bye })

const withEnds = (count: number) =>
  drawSub(Object.fromEntries(Array.from({ length: count }, (_, n) => [`end${n}`, giveBack(`Way ${n}`)])))

const box = (prompt = '') => block('recordMessage', { prompt }, { recorded: 'bye', noAudio: 'bye', tooShort: 'bye' })
/** A menu of which both keys lead to a recording, at once or by way of something else. */
const mailbox = (one?: Block, two?: Block) =>
  draw({
    ask: menu('12', { '1': one ? 'one' : 'box', '2': two ? 'two' : 'box', ...menuOut }, { prompt: 'Hello.' }),
    box: box(),
    bye,
    ...(one && { one }),
    ...(two && { two }),
  })
const told = (text: string) => say(text, { done: 'box' })
const digitsOut = { collected: 'set', invalid: 'bye', noInput: 'bye' }
/** A request to a service, behind assignments and whatever stands before those. */
const service = (
  settings: Block['settings'],
  assigned: Record<string, string> = {},
  first = say('A', { done: 'set' }),
) =>
  draw(
    {
      first,
      set: assign({ n: '1.0', ...assigned }, { done: 'ask' }),
      ask: block('httpRequest', { url: 'https://a.example.com/', ...settings }, { '2xx': 'bye', network: 'bye' }),
      bye,
    },
    {
      variables: {
        ...Object.fromEntries(['copy', 'third'].map((name) => [name, { type: 'text' as const, initial: '' }])),
        ...{
          entry: { type: 'digits', initial: '' },
          pin: { type: 'secret', initial: '' },
          n: { type: 'number', initial: 0 },
        },
      },
    },
  )
const names = {
  secret: { crmToken: ['a.example.com', 'localhost:4010'] },
  value: { crmHost: 'https://a.example.com', crmUrl: 'https://a.example.com/v1', odd: 'http://a.example.com' },
}

const signedIn = (url: string, more: Block['settings'] = {}) =>
  service({ url, auth: 'bearer', secret: 'crmToken', ...more })

/** Asks a service again and again. */
const polling = (exits: Record<string, string>) =>
  draw({
    ask: block(
      'httpRequest',
      { url: 'https://a.example.com/', statuses: ['202', '2xx'] },
      { network: 'ask', ...exits },
    ),
    pause: block('wait', { seconds: 2 }, { done: 'ask' }),
    told: say('One moment.', { done: 'ask' }),
    bye,
  })

/** Something dear, so many times. */
const zones = (count: number, between = ' + ') =>
  Array(count).fill('timestamp(0).getHours("Asia/Tokyo")').join(between) + (between === ' + ' ? '' : ' > 1')

/** For each rule flows that break it and flows that come near but do not. */
/** A menu whose options may have several keys. */
const several = (keys: string[], more: Block['settings'] = {}, exits: Record<string, string> = {}) =>
  menu(
    '',
    { ...Object.fromEntries(keys.map((key) => [key, 'bye'])), noInput: 'bye', noMatch: 'bye', ...exits },
    {
      options: keys.map((key) => ({ key, label: '' })),
      ...more,
    },
  )

const rules: Record<ProblemCode, { faulty: Flow[]; clean: Flow[] }> = {
  startMissing: {
    faulty: [
      { ...draw({ bye }), start: 'gone' },
      { ...draw({ bye }), start: 'bye' },
      { ...draw({}), blocks: {} },
    ],
    clean: [draw({ bye }), emptyFlow('Empty'), frontDesk],
  },
  handlerMissing: {
    faulty: [
      draw({ bye }, { onError: 'gone' }),
      draw({ bye }, { onHangUp: 'gone' }),
      draw({ bye }, { onError: 'bye', onHangUp: 'gone' }),
    ],
    clean: [draw({ bye }), draw({ bye }, { onError: 'bye' }), draw({ bye }, { onHangUp: 'bye' })],
  },
  unknownType: {
    faulty: [
      draw({ a: block('fromTheFuture') }),
      draw({ a: say('A', { done: 'b' }), b: block('Play') }),
      draw({ bye, orphan: block('constructor') }),
    ],
    clean: [draw({ bye }), draw({ a: say('A', { done: 'bye' }), bye }), frontDesk],
  },
  setting: {
    faulty: [
      loop({ a: say('', { done: 'bye' }) }),
      loop({ a: menu('', menuOut) }),
      loop({ a: menu('11', { '1': 'bye', ...menuOut }) }),
      loop({ a: transfer({ failed: 'bye' }), b: block('transferToPerson', { person: { id: '', name: '' } }) }),
      loop({ a: when({ x: 'nobody' }, { x: 'bye', else: 'bye' }) }),
      loop({ a: when({ x: 'n' }, { x: 'bye', else: 'bye' }) }),
      loop({ a: assign({ n: 't' }, { done: 'bye' }) }),
      loop({ a: assign({ unknown: '1' }, { done: 'bye' }) }),
      loop({
        a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { format: 'pattern', pattern: '(1+)+' }),
      }),
      loop({ a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { minDigits: 5, maxDigits: 4 }) }),
    ],
    clean: [
      loop({ a: menu('12', { '1': 'bye', '2': 'bye', ...menuOut }) }),
      loop({ a: when({ x: 'n > 1' }, { x: 'bye', else: 'bye' }) }),
      loop({ a: assign({ n: 'n + 1', t: '"a"' }, { done: 'bye' }) }),
      loop({
        a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { format: 'pattern', pattern: '7[0-9]+' }),
      }),
    ],
  },
  exitOpen: {
    faulty: [
      emptyFlow('Empty'),
      loop({ a: say('A') }),
      loop({ a: when({ x: 'n > 1' }, { x: 'bye' }) }),
      loop({ a: menu('12', { '1': 'bye', ...menuOut }) }),
      // Nothing pressed and a wrong key lead to the apology, where there is one.
      draw({ a: menu('1', { '1': 'bye', noInput: 'bye' }), bye }, { apology: ' ' }),
      draw({ a: collect({ collected: 'bye', noInput: 'bye' }), bye }, { apology: '' }),
      loop({ a: transfer() }),
      // On the failure path a caller is still there, whatever comes after hang-up.
      draw({ bye, both: assign({ n: '1' }) }, { onError: 'both', onHangUp: 'both' }),
    ],
    clean: [
      loop({ a: say('A', { done: 'bye' }) }),
      loop({ a: say('A', { done: 'bye' }, { bargeIn: 'anyKey' }) }),
      loop({ a: menu('1', { '1': 'bye', ...menuOut }, { maxRetries: 3 }) }),
      loop({ a: menu('1', { '1': 'bye' }) }),
      loop({ a: collect({ collected: 'bye' }, { maxRetries: 3 }) }),
      draw({ a: menu('1', { '1': 'bye' }), bye }, { apology: '', onError: 'bye' }),
      loop({ a: transfer({ failed: 'bye' }) }),
      afterCall(assign({ n: '1' })),
      frontDesk,
    ],
  },
  linkBroken: {
    faulty: [
      loop({ a: say('A', { done: 'gone' }) }),
      loop({ a: say('A', { done: 'bye', error: 'gone' }) }),
      loop({ a: menu('1', { '1': 'incoming', ...menuOut }) }),
      loop({ a: menu('1', { '1': 'gone', ...menuOut }) }),
      loop({ a: say('A', { done: 'keys' }), keys: keysOf(['0']) }),
    ],
    clean: [
      loop({ a: say('A', { done: 'bye', error: 'bye' }) }),
      loop({ a: menu('1', { '1': 'a', ...menuOut }) }),
      frontDesk,
    ],
  },
  linkUnknown: {
    faulty: [
      loop({ a: say('A', { done: 'bye', interrupted: 'bye' }) }),
      loop({ a: menu('1', { '1': 'bye', '2': 'bye', ...menuOut }) }),
      loop({ a: when({ x: 'n > 1' }, { x: 'bye', y: 'bye', else: 'bye' }) }),
      loop({ a: menu('1', { '1': 'bye', maxRetries: 'bye', ...menuOut }) }),
    ],
    clean: [
      loop({ a: say('A', { done: 'bye', interrupted: 'bye' }, { bargeIn: 'keys', keys: '1' }) }),
      loop({ a: say('A', { done: 'bye', error: 'bye' }) }),
      loop({ a: menu('1', { '1': 'bye', maxRetries: 'bye', ...menuOut }, { maxRetries: 1 }) }),
    ],
  },
  unreachable: {
    faulty: [
      draw({ bye, orphan: say('A', { done: 'bye' }) }),
      draw({ bye, x: say('A', { done: 'y' }), y: say('B', { done: 'x' }) }),
      draw({ bye, orphan: hangUp() }),
    ],
    clean: [
      draw({ a: say('A', { done: 'bye', error: 'b' }), b: hangUp(), bye }),
      draw({ bye, handler: hangUp() }, { onError: 'handler' }),
      draw({ bye, handler: hangUp() }, { onHangUp: 'handler' }),
    ],
  },
  endlessLoop: {
    faulty: [
      draw({ a: say('A', { done: 'a' }) }),
      draw({ a: say('A', { done: 'a', interrupted: 'a' }, { bargeIn: 'anyKey' }) }),
      draw({ a: say('A', { done: 'b' }), b: say('B', { done: 'a' }) }),
      draw({ a: transfer({ failed: 'b' }), b: say('Busy.', { done: 'a' }) }),
      loop({ a: say('A', { done: 'b' }), b: when({ x: 'n > 3' }, { x: 'bye', else: 'a' }) }),
      loop({ a: assign({ t: '"x"' }, { done: 'b' }), b: when({ x: 'n > 3' }, { x: 'bye', else: 'a' }) }),
      draw({ bye, c: assign({ n: '1' }, { done: 'c' }) }),
      draw({ a: say('A', { done: 'bye', error: 'b' }), b: say('B', { done: 'b' }), bye }),
      // Nobody waits between the requests, and no answer leads out.
      polling({ other: 'ask' }),
      polling({ '202': 'pause', '2xx': 'pause', other: 'pause' }),
    ],
    clean: [
      polling({ '202': 'pause', '2xx': 'bye' }),
      polling({ '202': 'told', '2xx': 'bye' }),
      loop({ a: menu('1', { '1': 'a', ...menuOut }) }),
      loop({ a: say('A', { done: 'b' }), b: menu('1', { '1': 'a', ...menuOut }) }),
      loop({ a: collect({ collected: 'b', invalid: 'a', noInput: 'bye' }), b: say('B', { done: 'a' }) }),
      loop({ a: assign({ n: 'n + 1' }, { done: 'b' }), b: when({ x: 'n > 3' }, { x: 'bye', else: 'a' }) }),
      loop({ a: say('A', { done: 'b' }), b: say('B', { done: 'bye' }) }),
      // Whoever listens again and again can leave by a key.
      loop({ a: say('A', { done: 'a', interrupted: 'bye' }, { bargeIn: 'anyKey' }) }),
      loop({
        a: transfer({ failed: 'b' }),
        b: say('Busy.', { done: 'a', interrupted: 'bye' }, { bargeIn: 'keys', keys: '0' }),
      }),
      frontDesk,
    ],
  },
  answersAsSubFlow: {
    faulty: [
      routed(drawSub({ back: giveBack('Done') }), null),
      routed(drawSub({ bye }), '+4930555'),
      routed(drawSub({}), 'default', '+4930555'),
    ],
    clean: [drawSub({ back: giveBack('Done') }), routed(draw({ bye }), null), draw({ bye })],
  },
  endsNoSubFlow: {
    faulty: [
      draw({ back: giveBack('Done') }),
      draw({ a: say('A', { done: 'back' }), back: giveBack('Done') }),
      draw({ bye, back: giveBack('Done') }),
    ],
    clean: [drawSub({ back: giveBack('Done') }), drawSub({ bye }), draw({ bye })],
  },
  tooManyExits: {
    faulty: [
      withEnds(21),
      withEnds(40),
      drawSub({ bye, ...withEnds(20).blocks, incoming: block('subFlowStart'), last: giveBack('Last') }),
    ],
    clean: [withEnds(20), drawSub({ ...withEnds(20).blocks, last: giveBack('Way 1') }), drawSub({ bye })],
  },
  endlessFlows: {
    faulty: [
      draw({ on: goTo(flowIds.main) }),
      draw({ a: say('A', { done: 'on' }), on: goTo(flowIds.main) }),
      drawSub({ sub: callTo(flowIds.main, { Done: 'back' }), back: giveBack('Done') }),
    ],
    clean: [
      draw({ on: goTo(flowIds.other) }),
      draw({ ask: menu('1', { '1': 'on' }), on: goTo(flowIds.main) }),
      draw({ open: when({ x: 'n > 1.0' }, { x: 'on', else: 'bye' }), on: goTo(flowIds.main), bye }),
    ],
  },
  tooMuch: {
    faulty: [
      loop({
        a: block('setVariable', { assignments: Array(20).fill({ variable: 'n', value: zones(2) }) }, { done: 'bye' }),
      }),
      loop({ a: when({ x: zones(13, ' > 1 && '), y: zones(13, ' > 1 && ') }, { x: 'bye', y: 'bye', else: 'bye' }) }),
      loop({ a: assign({ n: '"x".lastIndexOf("y")+'.repeat(11).slice(0, -1) }, { done: 'bye' }) }),
    ],
    clean: [
      loop({ a: assign({ n: zones(5) }, { done: 'bye' }) }),
      loop({ a: when({ x: zones(2, ' > 1 && ') }, { x: 'bye', else: 'bye' }) }),
      frontDesk,
    ],
  },
  mayBeTooMuch: {
    faulty: [
      loop({ a: assign({ n: `${zones(2)} + 1` }, { done: 'b' }), b: when({ x: 'n > 3' }, { x: 'bye', else: 'a' }) }),
      loop({
        a: assign({ n: 'n + 1' }, { done: 'b' }),
        b: when({ x: `n > 3 && ${zones(2, ' > 1 && ')}` }, { x: 'bye', else: 'a' }),
      }),
      loop({ a: when({ x: zones(2, ' > 1 && ') }, { x: 'bye', else: 'a' }) }),
    ],
    clean: [
      loop({ a: assign({ n: 'n + 1' }, { done: 'b' }), b: when({ x: 'n > 3' }, { x: 'bye', else: 'a' }) }),
      // Each round is an event of its own where callers are spoken to or asked.
      loop({ a: assign({ n: `${zones(2)} + 1` }, { done: 'b' }), b: menu('1', { '1': 'a', ...menuOut }) }),
      loop({
        a: assign({ n: zones(2) }, { done: 'b' }),
        b: say('B', { done: 'c' }),
        c: when({ x: 'n > 3' }, { x: 'bye', else: 'a' }),
      }),
    ],
  },
  nothingSaid: {
    faulty: ['', ' ', '\n'].map((apology) => draw({ bye }, { apology })),
    clean: [draw({ bye }), draw({ bye }, { apology: '', onError: 'bye' }), frontDesk],
  },
  noVoice: {
    faulty: ['de-DE', 'xx', 'eng'].map((language) => draw({ bye }, { language })),
    clean: ['en-US', 'en', 'EN-gb'].map((language) => draw({ bye }, { language })),
  },
  keyNotThere: {
    faulty: [
      loop({ a: asks('For sales, press 1. For support, press 3.', '12') }),
      loop({ a: asks('Press the star key to hear this again, or press 1.', '1') }),
      loop({ a: asks('Press 1.', '1', { noMatchPrompt: 'Please press 1 or 2.' }) }),
      loop({
        a: collect(
          { collected: 'bye', invalid: 'bye', noInput: 'bye' },
          { prompt: 'Type it, then press hash.', terminators: '*' },
        ),
      }),
    ],
    clean: [
      loop({ a: asks('Press 1 or 2.', '12') }),
      loop({ a: asks('Press 1 for 3 seconds.', '1') }),
      loop({ a: asks('Press 1, or dial 0800 123 456 later.', '1') }),
      draw({ a: asks('Drücken Sie die 1. Press 3.', '1'), bye }, { language: 'de-DE' }),
      loop({
        a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { prompt: 'Type it, then press hash.' }),
      }),
      frontDesk,
    ],
  },
  keyNotSaid: {
    faulty: [
      loop({ a: asks('Press 1.', '12') }),
      loop({ a: asks('For sales, press 2.', '120') }),
      loop({ a: asks('Press 1 or press 2.', '12#') }),
    ],
    clean: [
      loop({ a: asks('Menu?', '12') }),
      loop({ a: asks('Press 1.', '12', { noInputPrompt: 'Press 2 to leave.' }) }),
      loop({
        a: collect(
          { collected: 'bye', invalid: 'bye', noInput: 'bye' },
          { prompt: 'Type it, then press hash.', terminators: '#*' },
        ),
      }),
      frontDesk,
    ],
  },
  slowKeys: {
    faulty: [
      loop({ a: several(['1', '12']) }),
      loop({ a: several(['0', '3*', '3']) }),
      loop({ a: several(['1', '*'], { extensionVariable: 'entry' }, { extension: 'bye' }) }),
    ],
    clean: [
      loop({ a: several(['1', '2']) }),
      loop({ a: several(['1', '3*', '*9']) }),
      loop({ a: several(['*', '#'], { extensionVariable: 'entry' }, { extension: 'bye' }) }),
    ],
  },
  silence: {
    faulty: [
      loop({ a: waits(2, 'bye') }),
      // Two of a second each, with something between them that nobody hears.
      loop({ a: waits(1, 'b'), b: assign({ n: '1' }, { done: 'c' }), c: waits(1, 'bye') }),
      service({ filler: '' }),
      loop({ a: menu('1', { '1': 'c', ...menuOut }), c: waits(1, 'c') }),
    ],
    clean: [
      loop({ a: waits(1, 'bye') }),
      loop({ a: waits(1, 'b'), b: say('Still here.', { done: 'c' }), c: waits(1, 'bye') }),
      service({}),
      service({ filler: '', timeoutSeconds: 1 }),
      // It rings meanwhile; after the call nobody listens.
      rings({ a: waits(5, 'b'), b: block('answer', {}, { next: 'bye' }), bye }),
      draw(
        {
          bye,
          after: block('httpRequest', { url: 'https://a.example.com/', filler: '' }, { '2xx': 'bye', network: 'bye' }),
        },
        { onHangUp: 'after' },
      ),
    ],
  },
  anywhereTwice: {
    faulty: [
      anywhere(['0'], ['0']),
      anywhere(['*', '0'], ['1', '0'], { where: 'except', blocks: ['bye'] }),
      anywhere(['0'], ['0'], { where: 'only', blocks: ['a'] }),
    ],
    clean: [
      anywhere(['0'], ['*']),
      anywhere(['0'], ['0'], { where: 'only', blocks: [] }),
      draw({ a: asks('Hello.', '10'), keys: keysOf(['0']), bye }),
    ],
  },
  notToldOfRecording: {
    faulty: [
      draw({ box: box('What can we do for you?'), bye }),
      // Told on one of two ways only.
      mailbox(told('This call is recorded.')),
      draw({ box: box(), bye }, { language: 'de-DE' }),
    ],
    clean: [
      draw({ box: box('Please leave your name and number after the tone.'), bye }),
      mailbox(told('This call is recorded.'), told('You reach our mailbox.')),
      draw({ box: box('Ihre Nachricht wird aufgezeichnet.'), bye }, { language: 'de-DE' }),
    ],
  },
  speaksAfterHangUp: {
    faulty: [
      afterCall(say('Gone?')),
      afterCall(assign({ n: '1' }, { done: 'ask' }), { ask: menu('1', { '1': 'bye', ...menuOut }) }),
      afterCall(when({ x: 'n > 1' }, { x: 'person', else: 'bye' }), { person: transfer({ failed: 'bye' }) }),
      { ...draw({ bye }), onHangUp: 'incoming' },
    ],
    clean: [
      afterCall(assign({ n: '1' }, { done: 'bye' })),
      afterCall(when({ x: 'n > 1' }, { x: 'more', else: 'bye' }), { more: assign({ n: '1' }) }),
      afterCall(hangUp()),
      draw({ a: say('A', { done: 'bye' }), bye }),
    ],
  },
  notAnswered: {
    faulty: [
      rings({ hello: say('Hello', { done: 'bye' }), bye }),
      rings({ pause: block('wait', { seconds: 2 }, { done: 'bye' }), bye: hangUp('Goodbye.') }),
      // Joined from both sides.
      rings({
        choose: when({ x: 'n > 1.0' }, { x: 'take', else: 'person' }),
        take: block('answer', {}, { next: 'person' }),
        person: transfer({ failed: 'bye' }),
        bye,
      }),
      rings({
        count: assign({ n: '1.0' }, { done: 'ask', error: 'bye' }),
        ask: menu('1', { '1': 'bye', ...menuOut }),
        bye,
      }),
    ],
    clean: [
      rings({ take: block('answer', {}, { next: 'hello' }), hello: say('Hello', { done: 'bye' }), bye }),
      rings({
        choose: when({ x: 'n > 1.0' }, { x: 'pause', else: 'no' }),
        pause: block('wait', { seconds: 2 }, { done: 'take' }),
        take: block('answer', {}, { next: 'hello' }),
        no: block('reject'),
        hello: say('Hello', { done: 'bye' }),
        bye,
      }),
      // What fails is answered first.
      rings({ no: block('reject'), bye: hangUp('Sorry.') }, { onError: 'bye' }),
      draw({ hello: say('Hello', { done: 'bye' }), bye }),
    ],
  },
  alreadyAnswered: {
    faulty: [
      draw({ no: block('reject') }),
      rings({ take: block('answer', {}, { next: 'on' }), on: redirect }),
      // Joined from both sides.
      rings({
        choose: when({ x: 'n > 1.0' }, { x: 'first', else: 'second' }),
        first: block('answer', {}, { next: 'second' }),
        second: block('answer', {}, { next: 'bye' }),
        bye,
      }),
      draw({ bye, no: block('reject') }, { onError: 'no' }),
    ],
    clean: [
      rings({ no: block('reject') }),
      rings({ on: redirect }),
      rings({
        count: assign({ n: '1.0' }, { done: 'take' }),
        take: block('answer', {}, { next: 'bye', missed: 'note' }),
        note: assign({ n: '2.0' }),
        bye,
      }),
      rings({ take: block('answer', {}, { next: 'bye' }), bye }),
    ],
  },
  notThroughAccount: {
    faulty: [
      routed(draw({ give: toNumber, bye }), 'default'),
      routed(draw({ give: toQueue, bye }), null),
      routed(rings({ on: redirectTo({ kind: 'number', id: '+49 30 5550 0142', name: '' }) }), null),
      routed(draw({ give: { ...toNumber, settings: { number: '${t}', announcement: '' } }, bye }), null),
    ],
    clean: [
      routed(draw({ give: toNumber, bye }), null, account),
      routed(draw({ give: toQueue, bye }), '+493055500142'),
      // What answers nothing yet may still be given an account.
      draw({ give: toNumber, bye }),
      routed(draw({ give: transfer({ failed: 'bye' }), bye }), null),
      routed(rings({ on: redirect }), null),
    ],
  },
  neverSet: {
    faulty: [
      unset(when({ x: 'v > 1.0' }, { x: 'bye', else: 'bye' })),
      unset(assign({ w: 'string(v)' }, { done: 'bye' })),
      unset(say('A', { done: 'b' }), { b: when({ x: 'w == "" && v > 1.0' }, { x: 'bye', else: 'bye' }) }),
    ],
    clean: [
      unset(assign({ v: '1' }, { done: 'b' }), { b: when({ x: 'v > 1.0' }, { x: 'bye', else: 'bye' }) }),
      unset(when({ x: 'w == "a"' }, { x: 'bye', else: 'bye' })),
      unset(when({ x: 'caller.name == "a"' }, { x: 'bye', else: 'bye' })),
    ],
  },
  wrongInitial: {
    faulty: [initial('number', 'one'), initial('digits', '12a'), initial('text', 7), initial('user', 'Adele')],
    clean: [initial('number', 1), initial('digits', '12'), initial('text', ''), initial('list', ['a'])],
  },
  wrongType: {
    faulty: (['n', 'yes', 'names'] as const).map((variable) =>
      draw(
        { a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { variable }), bye },
        { variables: { n: { type: 'number' }, yes: { type: 'boolean' }, names: { type: 'list' } } },
      ),
    ),
    clean: (['entry', 't', 'pin'] as const).map((variable) =>
      draw(
        { a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { variable }), bye },
        { variables: { entry: { type: 'digits' }, t: { type: 'text' }, pin: { type: 'secret' } } },
      ),
    ),
  },
  setElsewhere: {
    faulty: ['n = 0', 'n = n + 1', 'n = m'].map(counted),
    clean: ['m = 0', 'm = m + 1', 'm = n'].map(counted),
  },
  sensitiveSaid: {
    faulty: [
      secretly({ a: say('Your PIN is ${pin}.', { done: 'bye' }), bye }),
      secretly({ a: say('${digits(pin) + "0"}', { done: 'bye' }), bye }),
      secretly({ a: assign({ copy: '"No. " + pin' }, { done: 'b' }), b: say('${copy}', { done: 'bye' }), bye }),
      secretly({
        a: collect(
          { collected: 'b', invalid: 'bye', noInput: 'bye' },
          { sensitive: true, invalidPrompt: 'Not ${entry}.' },
        ),
        b: say('B', { done: 'bye' }),
        bye,
      }),
      secretly({ a: transfer({ failed: 'bye' }, 'I tell them ${pin}.'), bye }),
      secretly({ a: say('A', { done: 'b' }), b: hangUp('Bye ${pin}.') }),
      // One of a list that holds it may be it.
      secretly({
        a: block(
          'readList',
          { list: '["1", pin]', item: 'Press a key.', chooseKey: '1', variable: 'copy' },
          { chosen: 'b', finished: 'bye' },
        ),
        b: say('You chose ${copy}.', { done: 'bye' }),
        bye,
      }),
    ],
    clean: [
      secretly({ a: say('Your PIN is ${aloud(pin)}.', { done: 'bye' }), bye }),
      secretly({ a: say('Type your pin, and hear ${entry}.', { done: 'bye' }), bye }),
      secretly({ a: say('$${pin}', { done: 'bye' }), bye }),
      secretly({ a: assign({ copy: 'entry' }, { done: 'b' }), b: say('${copy}', { done: 'bye' }), bye }),
      secretly({ a: when({ x: 'pin == "1"' }, { x: 'bye', else: 'bye' }), bye }),
    ],
  },
  unresolvedName: {
    faulty: [
      service({ auth: 'bearer', secret: 'nobodys' }),
      service({ auth: 'header', secret: 'crmUrl', secretHeader: 'X-Key' }),
      service({ url: '${env.nobodys}/tickets' }),
      service({ headers: [{ name: 'X-A', value: '${env.crmUrl}${env.other}' }] }),
      service({ map: [{ variable: 'copy', value: 'response.body.a + env.nobodys' }] }),
      loop({ a: say('Hello from ${env.nobodys}.', { done: 'bye' }) }),
      loop({ a: menu('1', { '1': 'bye', ...menuOut }, { noInputPrompt: '${env["nobodys"]}?' }) }),
      loop({ a: assign({ t: 'env.nobodys' }, { done: 'bye' }) }),
      // No name that anybody could set, and no pattern either.
      loop({ a: assign({ t: 'env["(+"]' }, { done: 'bye' }) }),
      loop({ a: assign({ t: 'env.constructor' }, { done: 'bye' }) }),
      loop({ a: when({ x: 'env.nobodys == "1"' }, { x: 'bye', else: 'bye' }) }),
      loop({ a: block('confirm', { value: 'env.nobodys' }, { accepted: 'bye', redo: 'bye' }) }),
      loop({ a: block('readList', { list: '[env.nobodys]' }, { finished: 'bye' }) }),
      loop({ a: block('transferToNumber', { number: '${env.nobodys}', announcement: '' }, { failed: 'bye' }) }),
      draw({ bye: hangUp('Bye from ${env.nobodys}.') }),
    ],
    clean: [
      loop({ a: say('Hello from ${env.crmUrl}. Write to env.nobodys.', { done: 'bye' }) }),
      loop({ a: assign({ t: 'has(env.nobodys) ? env.nobodys : ""' }, { done: 'bye' }) }),
      loop({ a: assign({ n: 'size(["a"].map(env, env.nobodys))' }, { done: 'bye' }) }),
      // A flow of before may have a variable of that name.
      draw(
        { a: assign({ t: 'env.nobodys' }, { done: 'b' }), b: say('${env.nobodys}', { done: 'bye' }), bye },
        { variables: { env: { type: 'object', initial: {} }, t: { type: 'text', initial: '' } } },
      ),
      service({ auth: 'bearer', secret: 'crmToken' }),
      service({ url: '${env.crmUrl}/tickets' }),
      service({ auth: 'none', secret: 'nobodys' }),
      service({}),
    ],
  },
  secretHost: {
    faulty: [
      signedIn('https://evil.example.com/'),
      signedIn('https://a.example.com:8443/'),
      signedIn('https://b.a.example.com/'),
      signedIn('https://evil.example.com/${entry}?a.example.com'),
      // The value names a host and no path, so that what stands behind it makes another host.
      signedIn('${env.crmHost}.evil.example.com/'),
      signedIn('http://localhost:1/'),
    ],
    clean: [
      signedIn('https://a.example.com/'),
      signedIn('https://A.example.com:443/${entry}'),
      signedIn('${env.crmUrl}/tickets/${entry}'),
      signedIn('http://localhost:4010/'),
      signedIn('https://evil.example.com/', { auth: 'none' }),
      // It is not there at all, which is said already.
      signedIn('https://evil.example.com/', { secret: 'nobodys' }),
      signedIn('${env.nobodys}/'),
    ],
  },
  secretOpen: {
    faulty: [
      signedIn('http://a.example.com/'),
      signedIn('${env.odd}/tickets'),
      signedIn('http://127.0.0.1.example.com/', { auth: 'basic' }),
      signedIn('HTTP://a.example.com/${entry}', { auth: 'header', secretHeader: 'X-Key' }),
    ],
    clean: [
      signedIn('https://a.example.com/'),
      signedIn('http://localhost:4010/'),
      signedIn('http://127.0.0.1:4010/'),
      signedIn('http://a.example.com/', { auth: 'none' }),
    ],
  },
  sensitiveTold: {
    faulty: [
      service({ url: 'https://a.example.com/?pin=${pin}' }),
      service({ url: 'https://a.example.com/${copy}' }, { copy: '"x" + pin' }),
      // Whatever the order of the assignments: third from second, second from first.
      service({ url: 'https://a.example.com/${third}' }, { third: 'copy + "."', copy: 'pin.substring(0)' }),
      service({ url: 'https://a.example.com/${entry}' }, {}, collect({ ...digitsOut }, { sensitive: true })),
      service(
        { url: 'https://a.example.com/${copy}' },
        { copy: 'entry' },
        collect({ ...digitsOut }, { sensitive: true }),
      ),
    ],
    clean: [
      service({ url: 'https://a.example.com/${copy}' }, { copy: '"x"', third: 'pin' }),
      service({ url: 'https://a.example.com/${entry}' }, {}, collect({ ...digitsOut })),
      service(
        { method: 'POST', bodyKind: 'json', json: '{"pin": ${pin}, "card": ${entry}}' },
        {},
        collect({ ...digitsOut }, { sensitive: true }),
      ),
      service({ url: 'https://a.example.com/${n}' }, { n: '1.0', pin: '"1234"' }),
    ],
  },
  unknownVariable: {
    faulty: ['gone', 'Entry', 'n'].map((variable) =>
      draw(
        { a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { variable }), bye },
        { variables: { entry: { type: 'digits' } } },
      ),
    ),
    clean: [
      loop({ a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }) }),
      loop({ a: collect({ collected: 'bye', invalid: 'bye', noInput: 'bye' }, { variable: 't' }) }),
      loop({ a: assign({ entry: '"1"' }, { done: 'bye' }) }),
    ],
  },
}

const codesOf = (flow: Flow) =>
  check(flow, { names, answers: answered.get(flow) ?? [], id: flowIds.main }).map(({ code }) => code)
const warnings: readonly ProblemCode[] = [
  'mayBeTooMuch',
  'nothingSaid',
  'noVoice',
  'keyNotThere',
  'keyNotSaid',
  'slowKeys',
  'anywhereTwice',
  'silence',
  'notToldOfRecording',
  'unreachable',
  'linkUnknown',
  'neverSet',
  'notThroughAccount',
]

describe.each(Object.entries(rules) as [ProblemCode, { faulty: Flow[]; clean: Flow[] }][])(
  '%s',
  (code, { faulty, clean }) => {
    it('is tried with at least three flows of each sort', () => {
      expect(Math.min(faulty.length, clean.length)).toBeGreaterThanOrEqual(3)
    })
    it.each(faulty.map((flow, n) => [n + 1, flow] as const))('is found in faulty flow %d', (_, flow) => {
      expect(codesOf(flow)).toContain(code)
      const severity = warnings.includes(code) ? 'warning' : 'error'
      expect(
        check(flow, { names, id: flowIds.main }).filter(
          (problem) => problem.code === code && problem.severity !== severity,
        ),
      ).toEqual([])
    })
    it.each(clean.map((flow, n) => [n + 1, flow] as const))('is silent about clean flow %d', (_, flow) => {
      expect(codesOf(flow)).not.toContain(code)
    })
  },
)

it('finds nothing in the flow that a new installation holds', () => expect(check(frontDesk)).toEqual([]))

describe('where a problem is shown', () => {
  it('names block, exit and setting', () => {
    const flow = loop({
      a: block(
        'menu',
        {
          prompt: 'Menu?',
          options: [
            { key: '1', label: '' },
            { key: 'x', label: '' },
          ],
        },
        { noMatch: 'bye' },
      ),
    })
    expect(check(flow)).toEqual([
      { code: 'setting', severity: 'error', block: 'a', field: 'options.1.key', detail: 'invalid_format' },
      { code: 'exitOpen', severity: 'error', block: 'a', exit: '1' },
    ])
  })

  it('gives the reason of an expression in its own words', () => {
    expect(check(loop({ a: when({ x: 'nobody' }, { x: 'bye', else: 'bye' }) }))).toMatchObject([
      { code: 'setting', field: 'conditions.0', detail: 'expression', reason: 'Unknown variable: nobody' },
    ])
  })

  it('shows what is wrong with a value at the prompt that has it', () => {
    const prompts = ['Fine ${n}.', 'Hello ${nobody}.']
    const settings = { noInputPrompt: 'Again ${n +}', options: [{ key: '1', label: '' }], prompt: 'Menu?' }
    const flow = loop({
      a: block('play', { prompts }, { done: 'b' }),
      b: block('menu', settings, { '1': 'bye', ...menuOut }),
    })
    expect(check(flow)).toMatchObject([
      { block: 'a', code: 'setting', field: 'prompts.1', detail: 'expression', reason: 'Unknown variable: nobody' },
      { block: 'b', code: 'setting', field: 'noInputPrompt', detail: 'expression' },
    ])
  })

  it('knows what prompts read: a variable that nobody sets', () => {
    const flow = draw(
      { a: say('Hello ${t}, ${size(t)}.', { done: 'bye' }), bye },
      { variables: { t: { type: 'text' } } },
    )
    expect(check(flow)).toEqual([{ code: 'neverSet', severity: 'warning', block: 'a', detail: 't' }])
  })

  it.each([
    ['For ${t}, press 1. For all else, press ${n}.', []],
    ['For sales of ${"press 9"}, press 1. For ${t}, press 2.', []],
    ['For sales, press 1. For ${t}, press 3.', ['keyNotThere', 'keyNotSaid']],
    ['For ${t}, press 1.', ['keyNotSaid']],
  ])('hears the keys between the values of %j', (prompt, codes) => {
    const options = [...'12'].map((key) => ({ key, label: `to ${key}` }))
    const flow = loop({ a: block('menu', { prompt, options }, { '1': 'bye', '2': 'bye', ...menuOut }) })
    expect(check(flow).map(({ code }) => code)).toEqual(codes)
  })

  it('says what is missing where nothing was filled in yet', () => {
    const empty = loop({ a: block('collectDigits', {}, { collected: 'bye', invalid: 'bye', noInput: 'bye' }) })
    expect(check(empty).map(({ field, detail }) => [field, detail])).toEqual([
      ['prompt', 'required'],
      ['variable', 'required'],
    ])
  })

  it.each([
    ['', 'required'],
    ['   ', 'required'],
    ['你好，请按一', 'unspeakable'],
    ['🙂!', 'unspeakable'],
    ['Ça va? Нажмите 1', null],
    ['2', null],
  ])('a text of %j for callers: %s', (prompt, detail) => {
    const one = loop({ a: block('play', { prompts: [prompt] }, { done: 'bye' }) })
    expect(check(one).map((problem) => problem.detail)).toEqual(detail === null ? [] : [detail])
  })

  it('lists problems in the order in which a caller would meet them', () => {
    const flow = draw({
      a: say('', { done: 'c' }),
      orphan: say(''),
      b: say('', { done: 'bye' }),
      c: say('', { done: 'b' }),
      bye,
    })
    expect(
      check(flow)
        .filter(({ code }) => code === 'setting')
        .map((problem) => problem.block),
    ).toEqual(['a', 'c', 'b', 'orphan'])
  })

  it('marks every block of a circle and no other', () => {
    const flow = draw({
      a: say('A', { done: 'b' }),
      b: say('B', { done: 'c', error: 'bye' }),
      c: say('C', { done: 'b' }),
      bye,
    })
    expect(
      check(flow)
        .filter(({ code }) => code === 'endlessLoop')
        .map((problem) => problem.block),
    ).toEqual(['b', 'c'])
  })

  it('says of a link back to the start that this is what is wrong', () => {
    expect(check(loop({ a: say('A', { done: 'incoming' }) }))).toContainEqual({
      code: 'linkBroken',
      severity: 'error',
      block: 'a',
      exit: 'done',
      detail: 'start',
    })
  })
})

it('lets warnings be published and errors not', () => {
  expect(canPublish(check(frontDesk))).toBe(true)
  const orphan = check(draw({ bye, orphan: hangUp() }))
  expect([orphan.length, canPublish(orphan)]).toEqual([1, true])
  expect(canPublish([...orphan, ...check(emptyFlow('Empty'))])).toBe(false)
})

it('checks a thousand blocks in a row', () => {
  const row = Object.fromEntries(
    Array.from({ length: 998 }, (_, n) => [`b${n}`, say('A', { done: n === 997 ? 'bye' : `b${n + 1}` })]),
  )
  expect(check(draw({ ...row, bye }))).toEqual([])
})

it('does not throw for variables that no flow may have', () => {
  expect(codesOf(draw({ bye }, { variables: { list: { type: 'list' }, caller: { type: 'text' } } }))).toEqual([])
})

it('asks of the voices that there are, and says which', () => {
  const german = draw({ bye }, { language: 'de-DE' })
  expect(check(german, { voices: ['en-US', 'de-AT'] })).toEqual([])
  expect(check(german, { voices: ['en-US', 'fr-FR'] })).toMatchObject([
    { code: 'noVoice', severity: 'warning', detail: 'de-DE', reason: 'en-US, fr-FR' },
  ])
})
