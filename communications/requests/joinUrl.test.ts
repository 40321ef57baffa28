import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { contract, contractIsHere } from '../testing/contract.ts'
import { JoinUrlError, parseJoinUrl, parseMeetingId } from './joinUrl.ts'

const Vectors = z.object({
  vectors: z.array(z.object({ name: z.string(), url: z.string(), expect: z.record(z.string(), z.unknown()) })),
  negativeVectors: z.array(z.object({ name: z.string(), url: z.string() })),
})
const { vectors, negativeVectors } = contractIsHere
  ? Vectors.parse(contract('join-urls.json'))
  : { vectors: [], negativeVectors: [] }

const tid = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const oid = '4b444206-207c-42f8-92a6-e332b41c88a2'
const threadId = '19:meeting_NTg0NmQ3NTctZDVkZC00YzRhLThmNmEtOGQ3M2E0ODdmZDZk@thread.v2'
const teams = 'https://teams.microsoft.com'
const long = linkTo(threadId, '0', { Tid: tid, Oid: oid })

function linkTo(
  thread: string,
  message: string,
  context: object,
  encode: (text: string) => string = encodeURIComponent,
): string {
  return `${teams}/l/meetup-join/${encode(thread)}/${message}?context=${encode(JSON.stringify(context))}`
}

function codeOf(text: string, settings?: Parameters<typeof parseJoinUrl>[1]): string {
  try {
    parseJoinUrl(text, settings)
    return 'joined'
  } catch (error) {
    if (error instanceof JoinUrlError) return error.code
    throw error
  }
}

describe.skipIf(!contractIsHere)('the links of the contract', () => {
  it.each(vectors)('$name gives what create-call needs', ({ url, expect: body }) => {
    const { meetingInfo, chatInfo, tenantId } = body
    expect(parseJoinUrl(url)).toEqual({
      meetingInfo,
      ...(chatInfo ? { chatInfo } : {}),
      ...(tenantId ? { tenantId } : {}),
    })
  })

  it('that lead to no meeting are refused, each for its own reason', () => {
    const codes = negativeVectors.map(({ name, url }) => [name, codeOf(url)])
    expect(Object.fromEntries(codes)).toEqual({
      'no-tid': 'noTenant',
      'no-oid': 'noOrganizer',
      'no-context': 'brokenContext',
      'broken-context': 'brokenContext',
      consumer: 'personalMeeting',
      'chat-link': 'notAMeeting',
      'other-host': 'foreignHost',
      'not-a-url': 'notAUrl',
    })
  })
})

const twice = (text: string) => encodeURIComponent(encodeURIComponent(text))

describe('a link that was wrapped on its way', () => {
  const plain = parseJoinUrl(long)
  const wrapped: [string, string][] = [
    ['encoded twice by a mail filter', linkTo(threadId, '0', { Tid: tid, Oid: oid }, twice)],
    ['encoded as a whole', encodeURIComponent(long)],
    ['encoded as a whole, twice', twice(long)],
    [
      'by Safe Links',
      `https://eur03.safelinks.protection.outlook.com/?url=${encodeURIComponent(long)}&data=05%7C01&reserved=0`,
    ],
    ['by the web client', long.replace('/l/', '/_#/l/')],
    [
      'by the launcher in Safe Links',
      safe(`${teams}/dl/launcher/launcher.html?url=${encodeURIComponent(long.slice(teams.length))}`),
    ],
    ['in angle brackets and spaces', `  <${long}>\n`],
  ]
  function safe(url: string): string {
    return `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}`
  }
  it.each(wrapped)('%s is read all the same', (_how, link) => {
    expect(parseJoinUrl(link)).toEqual(plain)
  })

  it('too often is refused', () => {
    let link = long
    for (let times = 0; times < 7; times += 1) link = safe(link)
    expect(['notAMeeting', 'tooLong']).toContain(codeOf(link))
  })

  it.each([
    ['a stranger', 'https://evil.example/l/meetup-join/x'],
    ['a personal meeting', 'https://teams.live.com/meet/9876543210?p=abc'],
  ])('and leads to %s is refused', (_whom, link) => {
    expect(['foreignHost', 'personalMeeting']).toContain(codeOf(safe(link)))
    expect(codeOf(`${teams}/dl/launcher/launcher.html?url=${encodeURIComponent(link)}`)).toBe(codeOf(link))
  })
})

describe('refused are', () => {
  it.each([
    ['nothing', '', 'notAUrl'],
    ['a script', 'javascript:alert(1)', 'notAUrl'],
    ['a host that only begins like Teams', `https://teams.microsoft.com.evil.example/meet/123456789`, 'foreignHost'],
    ['a host behind a user name', 'https://teams.microsoft.com@evil.example/meet/123456789', 'foreignHost'],
    ['a host that only ends like Safe Links', `https://evilsafelinks.protection.outlook.com/?url=x`, 'foreignHost'],
    ['Safe Links without a link', 'https://nam02.safelinks.protection.outlook.com/', 'notAMeeting'],
    ['another port', 'https://teams.microsoft.com:8443/meet/123456789', 'foreignHost'],
    ['a meeting id of letters', `${teams}/meet/abcdefghi`, 'notAMeeting'],
    ['a thread of another kind', linkTo('48:notes', '0', { Tid: tid, Oid: oid }), 'notAMeeting'],
    ['a thread that is half encoded', `${teams}/l/meetup-join/19%3ameeting%E0%A4/0?context={}`, 'notAMeeting'],
    ['a message that is no number', linkTo(threadId, 'x', { Tid: tid, Oid: oid }), 'notAMeeting'],
    ['a context that is a list', `${teams}/l/meetup-join/${threadId}/0?context=[]`, 'brokenContext'],
    ['a tenant that is a path', linkTo(threadId, '0', { Tid: '../common', Oid: oid }), 'noTenant'],
    ['an organizer that is a number', linkTo(threadId, '0', { Tid: tid, Oid: 7 }), 'noOrganizer'],
    ['a book', `${teams}/meet/1?p=${'x'.repeat(10_000)}`, 'tooLong'],
  ])('%s', (_what, link, code) => {
    expect(codeOf(link)).toBe(code)
  })

  it('a meeting id in place of a link, and it is offered as such', () => {
    try {
      parseJoinUrl('123 456 789 012')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'notAUrl', meetingId: '123456789012' })
    }
  })
})

it('hosts of another cloud are a setting', () => {
  const link = long.replace('teams.microsoft.com', 'teams.gov.example')
  expect(codeOf(link)).toBe('foreignHost')
  expect(parseJoinUrl(link, { hosts: ['teams.gov.example'] })).toEqual(parseJoinUrl(long))
})

it('a short link takes the tenant that is passed, a long one has its own', () => {
  const other = '8a34a46b-3d17-4adc-8dce-dc4e7d572698'
  expect(parseJoinUrl(`${teams}/meet/1234567890123?p=x`, { tenantId: other }).tenantId).toBe(other)
  expect(parseJoinUrl(long, { tenantId: other }).tenantId).toBe(tid)
})

it.each([
  ['123 456 789 012', ' AbC ', '123456789012', 'AbC'],
  ['123-456-789', '', '123456789', null],
])('a meeting is joined by the id "%s" and the passcode "%s"', (id, passcode, joinMeetingId, code) => {
  expect(parseMeetingId(id, passcode).meetingInfo).toEqual({
    '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo',
    joinMeetingId,
    passcode: code,
  })
})

it.each(['', 'meeting', '12345678', '+49 30 1234567', '1'.repeat(21)])('"%s" is no meeting id', (id) => {
  expect(() => parseMeetingId(id)).toThrow(JoinUrlError)
})

describe('for all texts', () => {
  const threads = fc.oneof(
    fc.base64String({ minLength: 8, maxLength: 64 }).map((text) => `19:meeting_${text.replaceAll('/', '_')}@thread.v2`),
    fc.uuid().map((id) => `19:${id.replaceAll('-', '')}@thread.tacv2`),
    fc.uuid().map((id) => `19:${id}`),
  )

  it('a link made of a thread, a tenant and an organizer gives them back, however often it was encoded', () => {
    const encodings = fc.constantFrom<(text: string) => string>(encodeURIComponent, twice, encodeURI)
    fc.assert(
      fc.property(threads, fc.nat(), fc.uuid(), fc.uuid(), encodings, (thread, message, tenant, organizer, encode) => {
        const link = linkTo(thread, String(message), { Tid: tenant, Oid: organizer }, encode)
        const { chatInfo, meetingInfo, tenantId } = parseJoinUrl(link)
        expect(chatInfo).toMatchObject({ threadId: thread, messageId: String(message) })
        expect(meetingInfo).toMatchObject({ organizer: { user: { id: organizer, tenantId: tenant } } })
        expect(tenantId).toBe(tenant)
      }),
    )
  })

  it('nothing but a JoinUrlError is ever thrown', () => {
    // Any UTF-16, halves of pairs as well. Whatever holds fc's own `binary` lists the whole of Unicode first, for half a second.
    const anything = fc.oneof(
      fc.string(),
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    )
    const address = fc
      .tuple(fc.domain(), anything, anything, anything)
      .filter(([host]) => URL.canParse(`https://${host}`))
      .map(
        ([host, pathname, search, hash]) => Object.assign(new URL(`https://${host}`), { pathname, search, hash }).href,
      )
    const nearly = fc
      .tuple(
        fc.constantFrom(long, `${teams}/meet/123456789?p=`, `${teams}/dl/launcher/launcher.html?url=`, ''),
        fc.nat(300),
        anything,
      )
      .map(([link, at, noise]) => link.slice(0, at) + noise + link.slice(at))
    fc.assert(
      fc.property(fc.oneof(anything, address, nearly), (text) => {
        expect(typeof codeOf(text)).toBe('string')
      }),
      { numRuns: 2_000 },
    )
  })
})
