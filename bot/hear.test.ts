import { describe, expect, it } from 'vitest'
import { beginFollowing, follow } from '#communications/calling/follow.ts'
import type { Followed } from '#communications/calling/followed.ts'
import { beginOperation, nameOperation } from '#communications/calling/ledger.ts'
import { unseen } from '#communications/calling/observe.ts'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { Call, CommsOperation } from '#communications/wire/types.ts'
import { calledOf, callerOf, hear, transferorOf } from './hear.ts'
import type { Expected } from './session.ts'

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

const pace = { establishedMs: 1, keepAliveMs: 1, toneGapMs: 1, goneMs: 0 }
const nothingHeard = beginFollowing(unseen, pace).known
const active = { mediaState: { audio: 'active' } } as const
const established = heardOf({ state: 'established', ...active })

function heardOf(call: Call): Followed {
  return follow(nothingHeard, { type: 'heard', notification: news(call) }, pace).known
}

/** What a flow hears of one piece of news, or null; and what is known then. */
function listen(notification: Notification, before: Followed, expected: readonly Expected[]) {
  const { known, told, asks } = follow(before, { type: 'heard', notification }, pace)
  const [event = null, ...more] = hear(told, known, expected)
  expect(more).toEqual([])
  return { event, heard: known, asks: asks.map(({ type }) => type) }
}

/** What a flow hears of several pieces of news, one after another. */
const events = (...calls: Call[]) => eventsAfter(nothingHeard, ...calls)

function eventsAfter(before: Followed, ...calls: Call[]) {
  let heard = before
  return calls.map((call) => {
    const next = listen(news(call), heard, [])
    heard = next.heard
    return next.event
  })
}

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
  })

  it('does not take what may be a repeat of a failed transfer for the failure of the next one: Graph is asked', () => {
    const failed = { state: 'established', resultInfo: { code: 500, subcode: 7000 } } as const
    const before = [{ state: 'transferring' } as const, failed].reduce(
      (heard: Followed, call) => listen(news(call), heard, []).heard,
      established,
    )
    const tried = follow(before, { type: 'begun', request: 'transfer', patience }, pace).known
    const doubtful = listen(news(failed), listen(news({ state: 'transferring' }), tried, []).heard, [])
    expect([doubtful.event, doubtful.asks]).toEqual([null, ['getCall']])
    const answer = { type: 'call', call: failed, since: doubtful.heard.changes, about: null } as const
    const moved = follow(doubtful.heard, answer, pace)
    expect(hear(moved.told, moved.known, [])).toEqual([{ type: 'transferFailed' }])
  })

  it('tells that a transfer was accepted, before or after the media went inactive', () => {
    const inactive = { mediaState: { audio: 'inactive' } } as const
    expect(eventsAfter(established, { state: 'transferring' }, inactive, { state: 'transferAccepted' })).toEqual([
      ...[null, null],
      { type: 'transferAccepted' },
    ])
    const early = { state: 'transferAccepted' } as const
    expect(eventsAfter(established, { state: 'transferring' }, early, inactive).at(1)).toEqual({
      type: 'transferAccepted',
    })
  })

  it('of its end carries why, and whether the call was given away', () => {
    const end = (call: Call) => {
      const { known, told } = follow(established, { type: 'heard', notification: news(call, 'deleted') }, pace)
      return hear(told, known, []).at(-1)
    }
    expect(end({ resultInfo: { code: 200, subcode: 4521 } })).toEqual({
      type: 'callEnded',
      reason: { code: 200, subcode: 4521 },
      transferred: false,
    })
    expect(end({ state: 'terminated', resultInfo: { code: 0, subcode: 7015 } })).toMatchObject({ transferred: true })
    // In any letter case, as all words of Graph are compared (K6; contract README, "Callback endpoint").
    for (const terminationReason of ['AppTransferred', 'appTransferred']) {
      expect(end({ terminationReason })).toMatchObject({ transferred: true })
    }
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
    expect(eventsAfter(established, { state: 'established', toneInfo: { tone, sequenceId: 1 } })).toEqual([
      { type: 'tonePressed', key },
    ])
  })

  it('does not take a flash for a key', () => {
    expect(eventsAfter(established, { toneInfo: { tone: 'flash', sequenceId: 1 } })).toEqual([null])
  })

  it('counts a flash in the sequence all the same, so that the key after it waits for nothing (K2)', () => {
    const pressed = [
      { toneInfo: { tone: 'flash', sequenceId: 1 } },
      { toneInfo: { tone: 'tone1', sequenceId: 2 } },
    ] as const
    expect(eventsAfter(established, ...pressed)).toEqual([null, { type: 'tonePressed', key: '1' }])
  })
})

const patience = { ms: 1, againMs: 1, most: 1 }

describe('the end of an operation', () => {
  const expected: Expected[] = [{ context: 'mine', visit: 4, command: 'play' }]
  const begun = beginOperation(established.operations, 'mine', patience)
  const playing: Followed = { ...established, operations: nameOperation(begun, 'mine', 'op-4').ledger }
  const played: CommsOperation = { '@odata.type': '#microsoft.graph.playPromptOperation', status: 'completed' }

  it('counts when its context is the one that we wait for', () => {
    expect(listen(operation({ ...played, clientContext: 'mine' }), playing, expected).event).toEqual({
      type: 'promptFinished',
      visit: 4,
    })
  })

  it('is known by the operation id when the context is missing', () => {
    expect(listen(operation(played, 'op-4'), playing, expected).event).toEqual({ type: 'promptFinished', visit: 4 })
  })

  it('counts without a status too: deleted is the end (contract README, "Operations"; K6)', () => {
    const { status: _status, ...silent } = played
    expect(listen(operation(silent, 'op-4'), playing, expected).event).toEqual({ type: 'promptFinished', visit: 4 })
  })

  it('of another turn is late and says nothing', () => {
    expect(listen(operation({ ...played, clientContext: 'earlier' }, 'op-3'), playing, expected).event).toBeNull()
    expect(listen(operation({ ...played, clientContext: 'mine' }), playing, []).event).toBeNull()
  })

  it('that failed says why', () => {
    const failed = {
      ...played,
      clientContext: 'mine',
      status: 'failed',
      resultInfo: { code: 400, subcode: 8535 },
    } as const
    expect(listen(operation(failed), playing, expected).event).toEqual({
      type: 'promptFailed',
      visit: 4,
      problem: '400/8535',
    })
  })

  it('is not there yet while it runs', () => {
    const running = operation({ ...played, clientContext: 'mine', status: 'running' })
    expect(listen({ ...running, changeType: 'updated' }, playing, expected).event).toBeNull()
  })
})

describe('the end of keys that were sent', () => {
  const expected: Expected[] = [{ context: 'mine', visit: 4, command: 'sendTones' }]
  const sending = { ...established, operations: beginOperation(established.operations, 'mine', patience) }
  const sent = { '@odata.type': '#microsoft.graph.sendDtmfTonesOperation', clientContext: 'mine' } as const
  const eventOf = (how: CommsOperation) => listen(operation({ ...sent, ...how }), sending, expected).event
  const notSent = (problem: string) => ({ type: 'commandFailed', visit: 4, command: 'sendTones', problem })

  it.each<[CommsOperation, unknown]>([
    [
      { status: 'completed', completionReason: 'completedSuccessfully' },
      { type: 'tonesSent', visit: 4 },
    ],
    [{ status: 'completed' }, { type: 'tonesSent', visit: 4 }],
    [{ status: 'completed', completionReason: 'mediaOperationCanceled' }, notSent('cancelled')],
    [{ status: 'completed', completionReason: 'unknown' }, notSent('failed')],
    [{ status: 'failed', resultInfo: { code: 500, subcode: 1005 } }, notSent('500/1005')],
  ])('is told by the reason, since Graph says completed in any case: %j', (how, event) => {
    expect(eventOf(how)).toEqual(event)
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

it('keeps 256 letters of a name, an id or a number, and halves no sign (B24)', () => {
  const user = { id: 'u'.repeat(1_000), displayName: `${'x'.repeat(255)}🙂${'x'.repeat(200_000)}` }
  const caller = callerOf({ source: { identity: { user, phone: { id: '+'.repeat(1_000) } } } })
  expect(caller).toEqual({ id: 'u'.repeat(256), name: 'x'.repeat(255), phone: '+'.repeat(256) })
  const { called } = calledOf({ targets: [{ identity: { applicationInstance: user } }] })
  expect(called).toEqual({ id: 'u'.repeat(256), name: 'x'.repeat(255), phone: '' })
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

it('knows who forwarded a call, and that nobody may have', () => {
  const user = { id: 'lee', displayName: 'Lee Gu' }
  expect(transferorOf({ incomingContext: { transferor: { user } } })).toEqual({ id: 'lee', name: 'Lee Gu', phone: '' })
  expect(transferorOf({ incomingContext: { transferor: { phone: { id: '+14255550100' } } } })).toMatchObject({
    phone: '+14255550100',
  })
  const nobody = { id: '', name: '', phone: '' }
  for (const incomingContext of [undefined, null, {}, { transferor: null }]) {
    expect(transferorOf(incomingContext === undefined ? {} : { incomingContext })).toEqual(nobody)
  }
})
