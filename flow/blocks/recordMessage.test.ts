import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { flowMessages } from '../messages/index.ts'
import { rehearse } from '../rehearse.ts'
import { block, draw, hangUp, menu, say, silentCall } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const bye = hangUp('Goodbye.')
const greeting = 'Leave a message. It is recorded.'
const exits = { recorded: 'thanks', noAudio: 'nothing', tooShort: 'short', error: 'broken' }
const mailbox = (settings: Record<string, Value> = {}, links: Record<string, string> = exits) =>
  draw({
    box: block('recordMessage', { prompt: greeting, ...settings }, links),
    thanks: menu('1#', { '1': 'bye', '#': 'hash', noInput: 'bye', noMatch: 'bye' }, { prompt: 'Thank you.' }),
    nothing: say('Nothing heard.', { done: 'bye' }),
    short: say('Too short.', { done: 'bye' }),
    broken: say('Broken.', { done: 'bye' }),
    hash: say('Hash.', { done: 'bye' }),
    bye,
  })
const asked = (call: ReturnType<typeof rehearse>, type: string) => call.asked.filter((one) => one.type === type)
const told = (call: ReturnType<typeof rehearse>) =>
  call.trail.flatMap(({ block: id, exit, detail }) => (id === 'box' && exit !== undefined ? [{ exit, detail }] : []))

/** A call whose file has not come yet. */
function fetching(byKey = false) {
  const call = silentCall(mailbox())
  call.tell({ type: 'callOffered' })
  call.tell({ type: 'callEstablished', audio: true })
  call.tell({ type: 'tonesSubscribed', visit: call.state.visit })
  call.tell({ type: 'recordingEnded', visit: call.state.visit, byKey })
  return { ...call, at: () => call.state.at, visit: call.state.visit }
}

describe('a caller who speaks', () => {
  it('is recorded behind the greeting and the tone, and the file is fetched', () => {
    const call = rehearse(mailbox())
    expect(call.hears).toEqual([greeting])
    call.speaks(12)
    expect(asked(call, 'record')).toMatchObject([
      {
        prompts: [greeting],
        beep: true,
        maxSeconds: 120,
        silenceSeconds: 5,
        firstSeconds: 5,
        stopKeys: '#',
        leastMs: 1000,
      },
    ])
    expect(asked(call, 'takeRecording')).toHaveLength(1)
    expect([call.hears, told(call)]).toEqual([['Thank you.'], [{ exit: 'recorded', detail: { seconds: 12 } }]])
  })

  it('ends early by a stop key, which is not handed on as a typed key', () => {
    expect(rehearse(mailbox()).speaks(4, '#').hears).toEqual([greeting, 'Thank you.'])
  })

  it.each(['while the file is fetched', 'only after that'])('nor when the telephone tells of that key %s', (when) => {
    const { tell, at, visit } = fetching(true)
    const taken = () => tell({ type: 'recordingTaken', visit, spokenMs: 4_000 })
    if (when === 'only after that') taken()
    tell({ type: 'tonePressed', key: '#' })
    if (when === 'while the file is fetched') taken()
    expect(at()).toBe('thanks')
    // A second one is the caller's answer.
    tell({ type: 'tonePressed', key: '#' })
    expect(at()).toBe('hash')
  })

  it('keeps what is pressed while the file is fetched for the block that follows', () => {
    const { tell, at, visit } = fetching(true)
    for (const key of '#1') tell({ type: 'tonePressed', key })
    tell({ type: 'recordingTaken', visit, spokenMs: 4_000 })
    expect(at()).toBe('bye')
  })

  it('may press other keys meanwhile: they are part of the message', () => {
    const call = rehearse(mailbox()).presses('1')
    expect(call.speaks(4, '1').speaks(1).hears).toEqual([greeting, 'Thank you.'])
  })

  it('who typed ahead is recorded all the same', () => {
    const flow = mailbox()
    const call = rehearse({ ...flow, blocks: { ...flow.blocks, first: say('Hello.', { done: 'box' }) } })
    call.presses('1#')
    expect(call.speaks(3).hears).toEqual([greeting, 'Thank you.'])
  })

  it('speaks for two minutes at most', () => {
    const call = rehearse(mailbox()).speaks(500)
    expect(told(call)).toEqual([{ exit: 'recorded', detail: { seconds: 120 } }])
  })
})

describe('there is no message', () => {
  it('in silence: the operation fails', () => {
    const call = rehearse(mailbox()).staysSilent()
    expect([call.hears.at(-1), told(call)[0]?.exit, asked(call, 'takeRecording')]).toEqual([
      'Nothing heard.',
      'noAudio',
      [],
    ])
  })

  it('in an empty file', () => {
    const call = rehearse(mailbox())
    call.tells({ type: 'recordingEnded', visit: call.visit, byKey: false })
    expect(told(call)).toEqual([{ exit: 'noAudio', detail: { seconds: 0 } }])
  })

  it.each([
    [{}, 'Too short.'],
    [{ minSeconds: 0 }, 'Thank you.'],
  ])('in less than the shortest (%j)', (settings, words) => {
    expect(rehearse(mailbox(settings)).speaks(0.9, '#').hears.at(-1)).toBe(words)
  })

  it('in a short one that has no way of its own, which goes where silence does', () => {
    const { tooShort: _, ...others } = exits
    expect(rehearse(mailbox({}, others)).speaks(0.5).hears.at(-1)).toBe('Nothing heard.')
  })
})

describe('what fails', () => {
  it('leaves by error when the recording is refused', () => {
    const call = rehearse(mailbox()).commandFails('record', 'timeout')
    expect(call.hears.at(-1)).toBe('Broken.')
    // It may be under way all the same, and nobody could be spoken to behind it.
    expect(asked(call, 'cancelMedia')).toHaveLength(1)
  })

  it.each(['404', '401'])('leaves by error when the file is gone, or its token no longer good (%s)', (problem) => {
    const { tell, at, visit } = fetching()
    tell({ type: 'commandFailed', command: 'takeRecording', visit, problem })
    expect(at()).toBe('broken')
  })

  it('keeps nobody waiting for a file that is slow, and hears nothing of it later', () => {
    const { tell, at, visit } = fetching()
    expect(at()).toBe('box')
    tell({ type: 'timerElapsed', timer: 'block', visit })
    expect(at()).toBe('thanks')
    expect(tell({ type: 'recordingTaken', visit, spokenMs: 0 })).toEqual([])
    expect(tell({ type: 'commandFailed', command: 'takeRecording', visit, problem: '404' })).toEqual([])
    expect(at()).toBe('thanks')
  })
})

it('runs the hang-up path once when the caller hangs up while recording', () => {
  const flow = { ...mailbox(), onHangUp: 'bye' }
  const call = rehearse(flow).promptFinishes().hangsUp()
  call.tells({ type: 'recordingEnded', visit: call.visit, byKey: false }).hangsUp()
  expect([told(call), call.isOver]).toEqual([[{ exit: 'hangup', detail: undefined }], true])
  expect(call.trail.filter(({ block: id, event }) => id === 'bye' && event === 'entered')).toHaveLength(1)
})

it.each([
  ['maxSeconds', 121, 'At most 120.'],
  ['maxSeconds', 0, 'At least 1.'],
  ['silenceSeconds', 121, 'At most 120.'],
  ['firstSeconds', 121, 'At most 120.'],
])('refuses %s of %i with words', (field, value, words) => {
  const flow = mailbox({ [field]: value })
  const [problem] = check(flow).filter(({ severity }) => severity === 'error')
  expect(problem).toMatchObject({ code: 'setting', block: 'box', field })
  expect(problem && flowMessages.problem(problem, { exit: '', field, type: '' }).why).toBe(words)
})
