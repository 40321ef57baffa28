import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, collect, draw, hangUp, menu, rings, say, transfer } from '../testing/draw.ts'
import type { Value } from '../values.ts'
import { sendDtmf } from './sendDtmf.ts'

const variables = {
  n: { type: 'number', initial: 3 },
  t: { type: 'text', initial: '12' },
  none: { type: 'text' },
  all: { type: 'list', initial: ['1'] },
  pin: { type: 'secret', initial: '1234' },
  entry: { type: 'digits', initial: '' },
} as const
const sends = (tones: string, exits: Record<string, string> = {}, more: Record<string, Value> = {}) =>
  block('sendDtmf', { tones, ...more }, { sent: 'sent', failed: 'failed', error: 'broken', ...exits })
const ends = { sent: hangUp('Sent.'), failed: hangUp('Not sent.'), broken: hangUp('Broken.') }
const call = (it: ReturnType<typeof sends>) => rehearse(draw({ it, ...ends }, { variables }))
const askedOf = (tones: string) =>
  call(sends(tones)).asked.flatMap((one) => (one.type === 'sendTones' ? [one.tones] : []))

describe('sends', () => {
  it.each([
    ['12#', '12#'],
    ['1 2 3 * 0', '123*0'],
    ['abcd', 'ABCD'],
    ['${t}#', '12#'],
    ['9 ${string(n)}', '93'],
    ['${n + 1}', '4'],
  ])('%s as the keys %s', (written, keys) => expect(askedOf(written)).toEqual([keys]))

  it('one after the other, as far apart as is set, and goes on when they have gone out', () => {
    const sending = call(sends('1234', {}, { gapMs: 500 }))
    expect(sending.asked.at(-1)).toMatchObject({ type: 'sendTones', gapMs: 500 })
    expect([sending.waits(1.999).hears, sending.waits(0.001).hears]).toEqual([[], ['Sent.']])
  })

  it('50 keys and not one more', () => {
    expect(askedOf(`\${t}${'1'.repeat(48)}`)).toEqual([`12${'1'.repeat(48)}`])
    expect(call(sends(`\${t}${'1'.repeat(49)}`)).hears).toEqual(['Not sent.'])
  })
})

describe('does not send', () => {
  it.each([
    ['nothing', '${none}'],
    ['what are no keys', '1${"x"}'],
    ['a half', '${0.5}'],
  ])('%s, and says so', (_, tones) => {
    const failed = call(sends(tones))
    expect([askedOf(tones), failed.hears]).toEqual([[], ['Not sent.']])
    expect(failed.trail).toContainEqual(
      expect.objectContaining({ block: 'it', exit: 'failed', detail: { problem: 'notTones' } }),
    )
  })

  it('what cannot be worked out', () => expect(call(sends('${10.0 / (n - 3.0)}')).hears).toEqual(['Broken.']))

  it('what Graph refuses, or ends with another reason than success', () => {
    const refused = call(sends('12')).commandFails('sendTones', '403/7503')
    expect(refused.hears).toEqual(['Not sent.'])
    expect(refused.trail).toContainEqual(expect.objectContaining({ exit: 'failed', detail: { problem: '403/7503' } }))
  })

  it('to a caller who is on the way to somebody else', () => {
    const flow = draw({ give: transfer({ failed: 'it' }), it: sends('12'), ...ends }, { variables })
    expect(
      rehearse(flow)
        .tells({ type: 'transferAccepted' })
        .asked.filter(({ type }) => type === 'sendTones'),
    ).toEqual([])
    expect(rehearse(flow).transferFails().asked.at(-1)).toMatchObject({ type: 'sendTones' })
  })
})

it('is over when the caller hangs up meanwhile', () => {
  expect(call(sends('12')).hangsUp().trail.at(-1)).toMatchObject({ block: 'it', exit: 'hangup' })
})

it('keeps keys that are pressed meanwhile for whoever asks next', () => {
  const flow = draw({ it: sends('12', { sent: 'ask' }), ask: menu('1', { '1': 'sent' }), ...ends }, { variables })
  expect(rehearse(flow).presses('1').waits(1).hears).toEqual(['Sent.'])
})

it('an end that comes late counts no more', () => {
  const flow = draw(
    { it: sends('12', { failed: 'next' }), next: say('Next.', { done: 'sent' }), ...ends },
    { variables },
  )
  const late = rehearse(flow)
  const { visit } = late
  late.commandFails('sendTones').tells({ type: 'tonesSent', visit })
  expect(late.at).toBe('next')
})

it('needs the permission that the catalogue of permissions names', () => {
  expect(sendDtmf.permissions).toEqual(['Calls.AccessMedia.All'])
})

describe('before anybody calls', () => {
  const faults = (it: ReturnType<typeof sends>) =>
    check(draw({ it, ...ends }, { variables })).flatMap(({ code, field, detail }) =>
      code === 'unreachable' || code === 'neverSet' ? [] : [[code, field, detail]],
    )

  it.each(['12#', '1 ${t} *', '${n}', '${aloud(pin)}'])('nothing is wrong with %s', (tones) => {
    expect(faults(sends(tones))).toEqual([])
  })

  it.each<[string, string, unknown[]]>([
    ['no key', '', ['setting', 'tones', 'required']],
    ['what are no keys', 'call 12', ['setting', 'tones', 'invalid_format']],
    ['a number with a plus', '+49 30', ['setting', 'tones', 'invalid_format']],
    ['too many', '1'.repeat(51), ['setting', 'tones', 'invalid_format']],
    ['what cannot be read', '${n', ['setting', 'tones', 'invalid_format']],
    ['a sensitive value', '${pin}#', ['sensitiveSaid', undefined, 'pin']],
  ])('%s is refused', (_, tones, problem) => expect(faults(sends(tones))).toContainEqual(problem))

  it.each([0, 49, 5_001, 1.5])('a gap of %s ms is refused', (gapMs) => {
    expect(faults(sends('1', {}, { gapMs }))).toContainEqual(['setting', 'gapMs', expect.any(String)])
  })

  it('digits that are marked as sensitive are refused', () => {
    const typed = draw(
      {
        ask: collect({ collected: 'it', invalid: 'it', noInput: 'it' }, { sensitive: true }),
        it: sends('${entry}'),
        ...ends,
      },
      { variables },
    )
    expect(check(typed).map(({ code, block }) => [code, block])).toContainEqual(['sensitiveSaid', 'it'])
  })

  it('a call that still rings takes no keys', () => {
    const early = rings({ it: sends('1'), ...ends }, { variables })
    expect(check(early).map(({ code, block }) => [code, block])).toContainEqual(['notAnswered', 'it'])
  })
})
