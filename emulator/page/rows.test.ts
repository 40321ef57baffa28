import { expect, it } from 'vitest'
import { clockOf, fits, nameOf, rosterOf, rowOfEntry, rowOfExchange, say, timeOf, titleOf } from './rows.js'

const at = '2026-11-20T10:42:03.250Z'
const request = {
  ...{ n: 7, at, kind: 'request' as const, method: 'POST', path: '/v1.0/communications/calls/c/playPrompt' },
  ...{ operation: 'call-playprompt', callId: 'c', body: { prompts: [] }, status: 400 },
  response: { error: { code: '8002', message: 'Bad request.' } },
}
const notification = {
  ...{
    n: 8,
    at,
    kind: 'notification' as const,
    url: 'https://bot.localhost/api/calls',
    callId: 'c',
    attempt: 2,
    ms: 250,
  },
  body: {
    value: [
      {
        changeType: 'updated',
        resource: '/app/calls/c',
        resourceData: { state: 'established', toneInfo: { tone: 'tone1' }, mediaState: { audio: 'active' } },
      },
    ],
  },
  ...{ status: null, error: 'ECONNREFUSED' },
}
type Call = Parameters<typeof fits>[0]
const call = {
  ...{ id: '57DAB8B1-894C-409A-B240-BD8BEAE78896', direction: 'incoming', state: 'established', startedAt: at },
  ...{ endedAt: null, result: null, to: {}, from: { user: { id: 'u', displayName: 'Anna Berger' } } },
} as unknown as Call // the fields that are read here

it('shows a refused request with the reason', () => {
  const row = rowOfExchange(request)
  expect(row).toMatchObject({ title: 'call-playprompt', status: { text: '400', tone: 'danger' } })
  expect(row.caption).toContain('8002: Bad request.')
  expect(row.bodies.map(([, body]) => body)).toEqual([request.body, request.response])
})

it('shows a notification when it was sent, in the words of Graph, with its attempt and its error', () => {
  const row = rowOfExchange(notification)
  expect(row.title).toBe('updated established, audio active, tone1')
  expect(row.at).toBe('2026-11-20T10:42:03.000Z')
  expect(row.caption).toBe('/app/calls/c · attempt 2 · 250 ms · ECONNREFUSED')
  expect(row.status).toEqual({ text: 'no answer', tone: 'warning' })
})

it.each([null, 'text', 7, [], { value: null }, { value: [null, 3, {}] }, { callId: 'old form' }])(
  'shows a notification that is in no known form (%o)',
  (body) => {
    const row = rowOfExchange({ ...notification, body })
    expect(row.bodies[0]?.[1]).toEqual(body)
    expect(row.title).not.toBe('')
  },
)

it('shows what it does not know with its own name and its plain values', () => {
  const entry = { n: 1, at, ms: 3, callId: 'c', kind: 'lobby', who: 'Ann', admitted: true, more: {} }
  const row = rowOfEntry(entry as unknown as Parameters<typeof rowOfEntry>[0]) // newer than this page
  expect(row).toMatchObject({ label: 'lobby', title: 'who: Ann, admitted: true' })
})

it('shows the people of a call that tells them, with lobby and mute', () => {
  const participants = [
    { id: '1', identity: { user: { id: 'u', displayName: 'Ann' } }, isInLobby: true, isMuted: true, onHold: false },
    { id: '2', name: 'Bo', onHold: true },
    { id: '3' },
    'odd',
  ]
  expect(rosterOf({ participants })).toEqual([
    { name: 'Ann', notes: 'in the lobby · muted' },
    { name: 'Bo', notes: 'on hold' },
    { name: '3', notes: '' },
    { name: 'Unknown', notes: '' },
  ])
  expect(rosterOf(call)).toEqual([])
})

it('names a meeting or a group call where nobody in particular is at the other end', () => {
  const from = { application: { id: 'a', displayName: 'Bot' } }
  const titleIn = (kind: string) => titleOf({ ...call, from, to: {}, conversation: { kind } } as unknown as Call) // as above
  expect([titleIn('meeting'), titleIn('groupCall'), titleIn('peerToPeer')]).toEqual([
    'Bot → Meeting',
    'Bot → Group call',
    'Bot → Unknown',
  ])
})

it.each([
  ['anna', true],
  ['ANNA established', true],
  ['57dab8b1894c409a', true],
  ['outgoing', false],
  ['', true],
])('a filter of "%s" finds the call: %s', (words, isFound) => expect(fits(call, words)).toBe(isFound))

it('names people by name, number or id', () => {
  expect(nameOf({ user: { id: 'u', displayName: 'Ann' } })).toBe('Ann')
  expect(nameOf({ phone: { id: '+14255550123', displayName: null } })).toBe('+14255550123')
  expect(nameOf({})).toBe('Unknown')
})

it('writes times since the call began, and lengths', () => {
  expect(timeOf('2026-11-20T10:43:04.255Z', at)).toBe('1:01.005')
  expect([clockOf(0), clockOf(59_999), clockOf(3_600_000)]).toEqual(['0:00', '0:59', '1:00:00'])
})

it('leaves the place of a value that is not given, and shows a key without a text', () => {
  expect(say('pressKey')).toBe('Key {key}')
  expect(say('no such text')).toBe('no such text')
})
