import { expect, it } from 'vitest'
import {
  clockOf,
  endingOf,
  fits,
  learnNames,
  nameOf,
  rosterOf,
  rowOfEntry,
  rowOfExchange,
  say,
  shortPath,
  timeOf,
  titleOf,
  wordsOfRoster,
} from './rows.js'

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
        resource: '/app/calls/deprecated',
        resourceUrl: '/communications/calls/c',
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
  expect(row).toMatchObject({ title: 'POST …/playPrompt', status: { text: '400', tone: 'danger' } })
  expect(row.facts).toContainEqual(['Path', request.path])
  expect(row.facts).toContainEqual(['Operation', 'call-playprompt'])
  expect(row.caption).toContain('8002: Bad request.')
  expect(row.bodies.map(([, body]) => body)).toEqual([request.body, request.response])
})

it('shows a notification when it was sent, in the words of Graph, with its attempt and its error', () => {
  const row = rowOfExchange(notification)
  expect(row.title).toBe('updated established, audio active, tone1')
  expect(row.at).toBe('2026-11-20T10:42:03.000Z')
  expect(row.caption).toBe('/communications/calls/c · attempt 2 · 250 ms · ECONNREFUSED')
  expect(row.facts).toContainEqual(['Resource', '/communications/calls/c'])
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

it.each([
  ['/v1.0/communications/calls/57dab8b1-894c-409a-b240-bd8beae78896/playPrompt', '…/playPrompt'],
  ['/communications/calls/57dab8b1894c409ab240bd8beae78896/participants', '…/participants'],
  ['/app/calls/c/operations/57DAB8B1-894c-409a-b240-bd8beae78896', '…/operations/57DAB8B1…'],
  ['/v1.0/communications/calls/57dab8b1-894c-409a-b240-bd8beae78896', '/v1.0/communications/calls/57dab8b1…'],
  ['/v1.0/communications/calls', '/v1.0/communications/calls'],
  ['/organizations/oauth2/v2.0/token', '/organizations/oauth2/v2.0/token'],
  ['', ''],
])('writes %s as %s', (path, short) => expect(shortPath(path)).toBe(short))

it('shows the people of a call that tells them, each with what is to be known', () => {
  const bo = { user: { id: 'bo-id', displayName: null } }
  const participants = [
    { id: '1', identity: { user: { id: 'u', displayName: 'Ann' } }, isInLobby: true, isMuted: true, onHold: false },
    { id: '2', identity: bo, onHold: true },
    { id: '3', identity: { application: { id: 'a' } }, callId: 'c', recordingStatus: 'recording' },
    { id: '4' },
    'odd',
  ]
  const people = rosterOf({ participants }, new Map([['boid', 'Bo']]))
  expect(people.map(({ name, notes }) => [name, ...notes])).toEqual([
    ['Ann', 'inLobby', 'muted'],
    ['Bo', 'onHold'],
    ['a', 'bot', 'records'],
    ['4'],
    ['Unknown'],
  ])
  expect(wordsOfRoster(people)).toBe('4 in the call, 1 waiting')
  expect(wordsOfRoster(people.slice(1))).toBe('4 in the call')
  expect(rosterOf(call)).toEqual([])
})

it('names people by what the roster, other calls or the traffic told of them', () => {
  const names = new Map()
  learnNames(names, [
    { participants: [{ id: 'P-1', identity: { user: { id: 'u-1', displayName: null } } }] },
    { participants: [{ id: 'p2', identity: { phone: { id: '+14255550123' } } }] },
    {
      body: {
        value: [{ resourceData: [{ id: 'p3', info: { identity: { guest: { id: 'g', displayName: 'Di' } } } }] }],
      },
    },
    { kind: 'joined', participantId: 'p4', name: 'Eve' },
    { kind: 'joined', participantId: 'p5', name: null },
    { targets: [{ identity: { user: { id: 'U1', displayName: 'Ann' } } }] },
  ])
  const mutedIs = (participantId: string) =>
    rowOfEntry({ n: 1, at, ms: 3, callId: 'c', kind: 'muted', muted: true, participantId }, names).title
  expect(['p1', 'p2', 'p3', 'p4', 'p5'].map(mutedIs)).toEqual([
    'Ann is muted',
    '+14255550123 is muted',
    'Di is muted',
    'Eve is muted',
    'Somebody is muted',
  ])
  const invited = { n: 1, at, ms: 3, callId: 'c', kind: 'invited' as const, outcome: null }
  expect(rowOfEntry({ ...invited, id: 'u-1' }, names).title).toBe('The bot invites Ann')
  expect(rowOfEntry({ ...invited, id: 'stranger' }, names).title).toBe('The bot invites stranger')
  expect(nameOf({ user: { id: 'u1' } }, names)).toBe('Ann')
})

it('reads names from bodies however deep they are, and keeps the last 5,000', () => {
  let deep: unknown = { id: 'u', displayName: 'Ann' }
  for (let level = 0; level < 50_000; level += 1) deep = [deep]
  const names = new Map()
  learnNames(names, deep)
  expect(names.get('u')).toBe('Ann')
  learnNames(
    names,
    Array.from({ length: 6000 }, (_, n) => ({ id: `x${n}`, displayName: `${n}` })),
  )
  expect(names.size).toBe(5000)
})

it('lets the two of a call hang up, everybody leave a group, and a meeting end', () => {
  const endingIn = (conversation: object, ...callIds: (string | null)[]) => {
    const participants = callIds.map((callId, n) => ({ id: `${n}`, callId }))
    return endingOf({ ...call, id: 'c', conversation, participants } as unknown as Call) // as above
  }
  const hangUp = '/emulator/calls/c/hangUp'
  expect(endingIn({ kind: 'peerToPeer', meetingId: null })).toEqual({ label: 'Hang up', path: hangUp })
  expect(endingIn({ id: 'g', kind: 'groupCall', meetingId: null }, 'c', null)).toEqual({
    label: 'Everybody leaves',
    path: '/emulator/conversations/g/leave',
  })
  expect(endingIn({ kind: 'groupCall', meetingId: null }, 'c')).toBeNull()
  expect(endingIn({ kind: 'meeting', meetingId: 'a/b=' }, 'c')).toEqual({
    label: 'End the meeting',
    path: '/emulator/meetings/a%2Fb%3D/end',
  })
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

it.each([
  [1, '1 prompt taken back', 'The roster lists 1 person'],
  [2, '2 prompts taken back', 'The roster lists 2 people'],
  [0, '0 prompts taken back', 'The roster lists 0 people'],
])('counts %i as people do', (count, taken, listed) => {
  const titleOfEntry = (entry: object) => rowOfEntry({ n: 1, at, ms: 0, callId: 'c', ...entry } as never).title // entries of the transcript
  expect(titleOfEntry({ kind: 'cancelled', operationIds: Array(count).fill('o') })).toBe(taken)
  expect(titleOfEntry({ kind: 'roster', count })).toBe(listed)
})

it('leaves the place of a value that is not given, and shows a key without a text', () => {
  expect(say('pressKey')).toBe('Key {key}')
  expect(say('no such text')).toBe('no such text')
})
