import { describe, expect, it } from 'vitest'
import { edit } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { type Rehearsal, rehearse } from '#flow/rehearse.ts'
import { frontDesk } from '#flow/sample.ts'
import { adele, block, collect, draw, hangUp, menu, rings, say } from '#flow/testing/draw.ts'
import { callTo, drawSub, flowIds, giveBack, libraryOf, sharing } from '#flow/testing/subFlows.ts'
import { hear, noCall, type PhoneCall, type PhoneEvent } from './call.ts'
import { type Entry, readEntry } from './entry.ts'
import { afterWords, endedWords, lineWords } from './phoneWords.ts'
import { viewOf } from './view.ts'

type Happening = Entry extends infer One ? (One extends Entry ? Omit<One, 'n' | 'at'> : never) : never

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 10, 42) + seconds * 1000).toISOString()

/** A test call told second by second: what the flow does is what a rehearsal of it really does. */
function telephone(flow: Flow = frontDesk, options: Parameters<typeof rehearse>[1] = {}) {
  let call: PhoneCall = hear(noCall, { type: 'dialled', flow })
  let told = 0
  let n = 0
  const rehearsal: Rehearsal = rehearse(flow, options)
  const phone = {
    hears(event: PhoneEvent) {
      call = hear(call, event)
      return phone
    },
    /** The caller's side, at a time. */
    entry(seconds: number, happening: Happening) {
      n += 1
      return phone.hears({ type: 'entry', entry: { n, at: at(seconds), ...happening } as Entry })
    },
    /** What the flow has done by then. */
    flow(seconds: number, act: (rehearsal: Rehearsal) => unknown = () => {}) {
      act(rehearsal)
      for (; told < rehearsal.trail.length; told += 1) {
        const trace = rehearsal.trail[told]
        if (!trace) break
        const { block, flow, event, exit, detail } = trace
        const rest = { exit: exit ?? null, detail: detail ?? {}, versionId: flow ?? null }
        const step = { seq: told + 1, at: at(seconds), block, event, ...rest }
        call = hear(call, { type: 'step', step })
      }
      return phone
    },
    says(from: number, to: number, text: string, { cut = false, operationId = text } = {}) {
      const media = n
      phone.entry(from, { kind: 'prompt', text, media, durationMs: (to - from) * 1000, operationId })
      return phone.entry(to, { kind: 'promptEnded', media, cut, operationId })
    },
    get call() {
      return call
    },
    get view() {
      return viewOf(call)
    },
    get words() {
      return viewOf(call).lines.map((line) => lineWords(line, flow, viewOf(call).person))
    },
  }
  return phone
}

const answered = (flow?: Flow) =>
  telephone(flow).hears({ type: 'placed' }).flow(0).entry(0.1, { kind: 'state', state: 'established' })

const menuPrompt = 'For sales, press 1. For support, press 2. For directions, press 3.'
const atMenu = (flow?: Flow) =>
  answered(flow)
    .says(0.2, 1.7, 'Welcome to Contoso.')
    .flow(1.8, (call) => call.promptFinishes())
const waiting = (flow?: Flow) => atMenu(flow).says(1.9, 8, menuPrompt)

describe('the state of the phone', () => {
  it('goes from dialling over ringing to connected', () => {
    const phone = telephone()
    expect(phone.view.stage).toBe('dialling')
    expect(phone.hears({ type: 'placed' }).view.stage).toBe('ringing')
    expect(phone.entry(1, { kind: 'state', state: 'established' }).view).toMatchObject({
      stage: 'connected',
      since: Date.parse(at(1)),
    })
  })

  it('is ready again, and says why, when the call could not be placed', () => {
    const error = new Error('away')
    expect(telephone().hears({ type: 'refused', error }).call).toMatchObject({ stage: 'ready', failure: error })
  })

  it('is transferring until the person has decided', () => {
    const phone = waiting()
      .entry(9, { kind: 'tone', tone: '1' })
      .flow(9, (call) => call.presses('1').promptFinishes())
    expect(phone.entry(10, { kind: 'transfer', outcome: null }).view).toMatchObject({
      stage: 'transferring',
      person: 'Adele Vance',
    })
    expect(phone.entry(12, { kind: 'transfer', outcome: 'decline' }).view.stage).toBe('connected')
  })
})

describe('the countdown', () => {
  it('begins with the end of the prompt and lasts as long as the menu waits', () => {
    expect(waiting().view).toMatchObject({ stage: 'waiting', wait: { for: 'key', from: Date.parse(at(8)), ms: 5000 } })
  })

  it('does not run while a prompt sounds, or in a block that does not ask', () => {
    expect(
      atMenu().entry(1.9, { kind: 'prompt', text: menuPrompt, media: 2, durationMs: 6000, operationId: 'm' }).view.wait,
    ).toBeNull()
    expect(answered().says(0.2, 1.7, 'Welcome to Contoso.').view.wait).toBeNull()
  })

  it('is over as soon as a key is pressed', () => {
    expect(waiting().entry(9, { kind: 'tone', tone: '1' }).view.wait).toBeNull()
  })

  it('says what comes of it: again, a last time, then on', () => {
    const phone = waiting()
    const words = () => {
      const { wait } = phone.view
      return wait && afterWords(wait, frontDesk)
    }
    expect(words()).toBe('Then “Nothing pressed”: asks again')
    phone.flow(13, (call) => call.staysSilent()).says(13, 20, 'Sorry, I did not hear a key.')
    expect(words()).toBe('Then “Nothing pressed”: asks a last time')
    phone.flow(25, (call) => call.staysSilent()).says(25, 32, 'Sorry, I did not hear a key.')
    expect(words()).toBe('Then “Nothing pressed”: goes on to Goodbye')
  })

  it('waits for the next digit after each digit that is typed', () => {
    const digits = {
      type: 'collectDigits',
      name: 'Customer number',
      settings: { prompt: 'Type your number.', variable: 'number', interDigitSeconds: 3, firstDigitSeconds: 7 },
      exits: {},
      position: { x: 0, y: 0 },
    }
    const flow = [
      { type: 'setVariable', name: 'number', variable: { type: 'digits' } } as const,
      { type: 'addBlock', id: 'number', block: digits } as const,
      { type: 'connect', block: 'welcome', exit: 'done', to: 'number' } as const,
    ].reduce(edit, frontDesk)
    const phone = atMenu(flow).says(2, 4, 'Type your number.')
    expect(phone.view.wait).toMatchObject({ for: 'digits', ms: 7000, after: { type: 'again' } })
    phone.entry(5, { kind: 'tone', tone: '4' })
    expect(phone.view.wait).toEqual({ for: 'digits', from: Date.parse(at(5)), ms: 3000, after: { type: 'counts' } })
    expect(phone.view.keys.get('#')).toBe('Done')
    phone.entry(6, { kind: 'tone', tone: '2' })
    expect(phone.words.at(-1)).toBe('Pressed 42')
  })
})

describe('a recording', () => {
  const mailbox = draw({
    welcome: block('recordMessage', { prompt: 'After the tone.' }, { recorded: 'bye', noAudio: 'bye' }),
    bye: hangUp(),
  })
  const recorded = () => answered(mailbox).says(0.2, 1.7, 'After the tone.').entry(2.2, { kind: 'recording' }).flow(2.2)

  it('shows since when, whether the caller speaks, and which key ends it', () => {
    const phone = recorded()
    const since = Date.parse(at(2.2))
    expect(phone.view).toMatchObject({ stage: 'recording', recording: { since, speaksUntil: 0, stopKey: '#' } })
    phone.entry(3, { kind: 'spoke', durationMs: 5_000 })
    expect(phone.view.recording?.speaksUntil).toBe(Date.parse(at(8)))
  })

  it('is over with its end, and tells how long it was', () => {
    const phone = recorded().entry(14.2, { kind: 'recorded', durationMs: 12_000, subcode: 8514 })
    expect([phone.view.stage, phone.view.recording, phone.words.at(-1)]).toEqual([
      'connected',
      null,
      'Recorded for 12 s.',
    ])
  })

  it('tells of silence', () => {
    const phone = recorded().entry(7.2, { kind: 'recorded', durationMs: 5_000, subcode: 8510 })
    expect(phone.words.at(-1)).toBe('Nothing was said.')
  })
})

describe('the keypad', () => {
  it('says what the keys of the running menu mean', () => {
    expect([...waiting().view.keys]).toEqual([
      ['1', 'Sales'],
      ['2', 'Support'],
      ['3', 'Directions'],
    ])
  })
  it('has no key that counts where none does, and none after the call', () => {
    const atSupport = waiting().flow(9, (call) => call.presses('2'))
    expect(atSupport.view.keys.size).toBe(0)
    expect(waiting().entry(9, { kind: 'ended', by: 'caller', result: null }).view.keys.size).toBe(0)
  })
})

describe('the transcript', () => {
  it('tells prompts with their blocks, keys with their meaning and what the flow did', () => {
    const phone = waiting()
      .flow(13, (call) => call.staysSilent())
      .says(13.1, 15, 'Sorry, I did not hear a key.', { operationId: 'again' })
      .says(15, 21, menuPrompt, { operationId: 'again', cut: true })
      .entry(21, { kind: 'tone', tone: '2' })
      .flow(21.1, (call) => call.presses('2'))
    expect(phone.words).toEqual([
      'Welcome to Contoso.',
      menuPrompt,
      'Nothing pressed for 5 s. Asking again.',
      `Sorry, I did not hear a key. ${menuPrompt}`,
      'Pressed 2: Support',
    ])
    expect(phone.view.lines.map(({ block }) => block)).toEqual(['welcome', 'menu', 'menu', 'menu', 'menu'])
  })

  it('tells what is told twice once', () => {
    const { call } = waiting()
    const again = [
      ...call.entries.map((entry) => ({ type: 'entry', entry }) as const),
      ...call.steps.map((step) => ({ type: 'step', step }) as const),
    ].reduce<PhoneCall>(hear, call)
    expect(again).toEqual(call)
  })

  it('names the block that failed and why', () => {
    expect(
      answered()
        .flow(1, (call) => call.promptFails('400/8536'))
        .words.at(-1),
    ).toMatch(/^Welcome failed\. Teams could not fetch/)
  })
})

describe('the end', () => {
  const ended = (by: 'bot' | 'caller' | 'service', code: number, subcode: number) => {
    const { view } = waiting().entry(9, { kind: 'ended', by, result: { code, subcode } })
    return view.end && endedWords(view.end, view.person)
  }
  it('says who ended the call and why', () => {
    expect(ended('caller', 200, 4521)).toBe('You hung up.')
    expect(ended('bot', 200, 7000)).toBe('The flow hung up.')
    expect(ended('service', 408, 8537)).toMatch(/nothing was heard of the bot/)
    expect(ended('service', 599, 1)).toBe('Ended with 599/1.')
  })

  it('before an answer is told as well: turned away, or sent on', () => {
    const sentOn = rings({ on: block('redirect', { targets: [{ kind: 'person', ...adele }] }) })
    const told = (flow: Flow, ...entries: Happening[]) => {
      const phone = telephone(flow)
      for (const entry of entries) phone.entry(1, entry)
      return [...phone.words, phone.view.end && endedWords(phone.view.end, null)]
    }
    const ended = (by: 'bot' | 'service') => ({ kind: 'ended', by, result: null }) as const
    const rang = (outcome: 'accept' | 'noAnswer' | null) => ({ kind: 'redirected', id: adele.id, outcome }) as const
    expect(told(rings({ no: block('reject') }), ended('bot'))).toEqual(['The flow turned the call away, unanswered.'])
    expect(told(sentOn, rang(null), rang('accept'), ended('service'))).toEqual([
      'Ringing Adele Vance.',
      'Adele Vance answered.',
      'The call was sent on, and Adele Vance took it.',
    ])
    expect(told(sentOn, rang('noAnswer'), ended('service')).at(-1)).toBe('The call was sent on, and nobody took it.')
  })

  it('of an accepted transfer names the person', () => {
    const { view } = waiting()
      .entry(9, { kind: 'tone', tone: '1' })
      .flow(9, (call) => call.presses('1').promptFinishes())
      .entry(10, { kind: 'transfer', outcome: 'accept' })
      .entry(11, { kind: 'ended', by: 'service', result: { code: 0, subcode: 7015 } })
    expect(view.end && endedWords(view.end, view.person)).toBe('The call was transferred to Adele Vance.')
  })

  it('of a broken line is told, and no block runs any more', () => {
    const { view } = waiting().hears({ type: 'lost' })
    expect(view.end).toEqual({ by: 'lost' })
    expect(view.trace?.visits.map(({ state }) => state)).not.toContain('now')
  })
})

it('a happening of a kind that this version does not know is left out', () => {
  expect(readEntry('{"n":1,"at":"2026-11-20T10:42:00.000Z","kind":"hologram"}')).toBeNull()
})

describe('keys of something sensitive', () => {
  const bank = (sensitive: boolean) =>
    draw({
      hello: say('Hello.', { done: 'pin' }),
      pin: collect({ collected: 'ask', invalid: 'bye', noInput: 'bye' }, { sensitive, maxDigits: 6 }),
      ask: menu('1', { '1': 'bye', noInput: 'bye', noMatch: 'bye' }),
      bye: hangUp(),
    })
  const keysShown = (flow: Flow) => {
    const phone = telephone(flow).entry(0, { kind: 'state', state: 'established' }).flow(0)
    for (const tone of '83') phone.entry(1, { kind: 'tone', tone }).flow(1, (call) => call.presses(tone))
    phone.flow(2, (call) => call.promptFinishes())
    for (const tone of '94#') phone.entry(3, { kind: 'tone', tone }).flow(3.5, (call) => call.presses(tone))
    phone.entry(4, { kind: 'tone', tone: '1' }).flow(4.5, (call) => call.presses('1'))
    return phone.view.lines.flatMap((line) => (line.kind === 'pressed' ? [line.keys] : []))
  }

  it('are dots, those typed ahead too; the keys of a menu are shown', () => {
    expect(keysShown(bank(true))).toEqual(['••', '•••', '1'])
  })

  it('are shown where nothing is sensitive', () => expect(keysShown(bank(false))).toEqual(['83', '94#', '1']))
})

it('lights the block that has called another flow while that runs, and says in which the call is', () => {
  const asks = drawSub({ ask: menu('1', { '1': 'back' }), back: giveBack('Done') })
  const published = { [flowIds.child]: [asks] }
  const flow = draw({
    hello: say('Hello.', { done: 'sub' }),
    sub: callTo(flowIds.child, { Done: 'bye' }),
    bye: hangUp('Bye.'),
  })
  const phone = telephone(flow, { shared: sharing(published), flows: libraryOf(published) })
  phone.flow(1)
  expect(phone.view.inFlow).toBeNull()
  phone.flow(2, (call) => call.promptFinishes())
  const lit = () => phone.view.trace?.visits.filter(({ state }) => state === 'now').map(({ block }) => block)
  expect([lit(), phone.view.inFlow]).toEqual([['sub'], 'Sub'])
  phone.flow(3, (call) => call.presses('1'))
  expect([lit(), phone.view.inFlow]).toEqual([['bye'], null])
})
