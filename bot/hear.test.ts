import { describe, expect, it } from 'vitest'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { Call, CommsOperation } from '#communications/wire/types.ts'
import { calledOf, callerOf, hear, nothingHeard } from './hear.ts'
import type { Heard } from './session.ts'

const about = { callId: 'c', wireCallId: 'c' }
const news = (call: Call, changeType: Notification['changeType'] = 'updated'): Notification => ({
  ...about,
  changeType,
  resource: 'call',
  call,
})
const operation = (operation: CommsOperation, operationId: string | null = null): Notification => ({
  ...about,
  changeType: 'deleted',
  resource: 'operation',
  operationId,
  operation,
})

/** What a flow hears of several pieces of news, one after another. */
function events(...calls: Call[]) {
  let heard: Heard = nothingHeard
  return calls.map((call) => {
    const next = hear(news(call), heard, [])
    heard = next.heard
    return next.event
  })
}

const active = { mediaState: { audio: 'active' } } as const

describe('news of a call', () => {
  it('says that callers can hear once established and audio active are both known, whichever came first', () => {
    expect(events({ state: 'establishing' }, { state: 'established' }, { state: 'established', ...active })).toEqual([
      null,
      { type: 'callEstablished', audio: false },
      { type: 'callEstablished', audio: true },
    ])
    expect(events({ ...active }, { state: 'established' })).toEqual([null, { type: 'callEstablished', audio: true }])
  })

  it('counts only when it says something new: established may come twice, and establishing late', () => {
    const established = { state: 'established', ...active } as const
    expect(events(established, established, { state: 'establishing' }, established)).toEqual([
      { type: 'callEstablished', audio: true },
      null,
      null,
      null,
    ])
  })

  it('tells a transfer that failed from an established call that is merely repeated', () => {
    const failed = { state: 'established', resultInfo: { code: 500, subcode: 7000 } } as const
    expect(
      events({ state: 'established', ...active }, { state: 'transferring' }, { state: 'established' }, failed, failed),
    ).toEqual([{ type: 'callEstablished', audio: true }, null, null, { type: 'transferFailed' }, null])
    expect(events(failed, { state: 'transferring' }, failed).at(-1)).toEqual({ type: 'transferFailed' })
  })

  it('tells that a transfer was accepted, before or after the media went inactive', () => {
    expect(
      events({ state: 'transferring' }, { mediaState: { audio: 'inactive' } }, { state: 'transferAccepted' }),
    ).toEqual([null, null, { type: 'transferAccepted' }])
  })

  it('of its end carries why, and whether the call was given away', () => {
    const end = (call: Call) => hear(news(call, 'deleted'), nothingHeard, []).event
    expect(end({ resultInfo: { code: 200, subcode: 4521 } })).toEqual({
      type: 'callEnded',
      reason: { code: 200, subcode: 4521 },
      transferred: false,
    })
    expect(end({ state: 'terminated', resultInfo: { code: 0, subcode: 7015 } })).toMatchObject({ transferred: true })
    expect(end({ terminationReason: 'AppTransferred' })).toMatchObject({ transferred: true })
    // The reject page's example has neither state nor result.
    expect(end({})).toEqual({ type: 'callEnded', reason: { code: null, subcode: null }, transferred: false })
  })

  it.each([
    ['tone0', '0'],
    ['tone9', '9'],
    ['star', '*'],
    ['pound', '#'],
    ['a', 'A'],
  ] as const)('reads the tone %s as the key %s', (tone, key) => {
    expect(events({ state: 'established', toneInfo: { tone, sequenceId: 7 } })).toEqual([
      { type: 'tonePressed', key, sequence: 7 },
    ])
  })

  it('does not take a flash for a key', () => {
    expect(events({ toneInfo: { tone: 'flash', sequenceId: 1 } })).toEqual([null])
  })
})

describe('the end of an operation', () => {
  const expected = [{ context: 'mine', visit: 4, operationId: 'op-4' }]
  const played: CommsOperation = { '@odata.type': '#microsoft.graph.playPromptOperation', status: 'completed' }

  it('counts when its context is the one that we wait for', () => {
    expect(hear(operation({ ...played, clientContext: 'mine' }), nothingHeard, expected).event).toEqual({
      type: 'promptFinished',
      visit: 4,
    })
  })

  it('is known by the operation id when the context is missing', () => {
    expect(hear(operation(played, 'op-4'), nothingHeard, expected).event).toEqual({ type: 'promptFinished', visit: 4 })
  })

  it('of another turn is late and says nothing', () => {
    expect(hear(operation({ ...played, clientContext: 'earlier' }, 'op-3'), nothingHeard, expected).event).toBeNull()
  })

  it('that failed says why', () => {
    const failed = {
      ...played,
      clientContext: 'mine',
      status: 'failed',
      resultInfo: { code: 400, subcode: 8535 },
    } as const
    expect(hear(operation(failed), nothingHeard, expected).event).toEqual({
      type: 'promptFailed',
      visit: 4,
      problem: '400/8535',
    })
  })

  it('is not there yet while it runs', () => {
    expect(
      hear(operation({ ...played, clientContext: 'mine', status: 'running' }), nothingHeard, expected).event,
    ).toBeNull()
  })
})

it('names the caller, and nobody for an encrypted one', () => {
  const user = { id: 'u', displayName: 'Anna' }
  expect(callerOf({ source: { identity: { user } } })).toEqual({ id: 'u', name: 'Anna', phone: '' })
  expect(callerOf({ source: { identity: { phone: { id: '+14255550100' } } } })).toEqual({
    id: '+14255550100',
    name: '',
    phone: '+14255550100',
  })
  expect(callerOf({ source: { identity: { encrypted: { id: 'x' } } } })).toEqual({ id: '', name: '', phone: '' })
})

it('looks for a route by the resource account first, then the number, then the bot', () => {
  const targets = [
    { identity: { application: { id: 'bot' } } },
    { identity: { phone: { id: '+1' }, applicationInstance: { id: 'account', displayName: 'IVR' } } },
  ]
  expect(calledOf({ targets })).toEqual({
    called: { id: 'account', name: 'IVR', phone: '+1' },
    dialled: ['account', '+1', 'bot'],
  })
})
