import { json } from '#ground/json.ts'
import type { ChatInfo, MeetingInfo } from '../wire/types.ts'

export type JoinUrlReason =
  | 'tooLong'
  | 'notAUrl'
  | 'foreignHost'
  | 'personalMeeting'
  | 'notAMeeting'
  | 'brokenContext'
  | 'noTenant'
  | 'noOrganizer'
  | 'notAMeetingId'

const sentences: Record<JoinUrlReason, string> = {
  tooLong: 'The text is too long for a meeting link. Paste the link alone.',
  notAUrl: 'The text is no link. Paste the whole link of the meeting, or give its meeting id and passcode.',
  foreignHost:
    'The link does not lead to Teams. Paste the link of the invitation; hosts of other clouds have to be configured.',
  personalMeeting:
    'The meeting belongs to a personal account, and no bot can join it. Ask for one of a work or school account.',
  notAMeeting: 'The link leads to Teams, but to no meeting. Paste the link under "Join the meeting now".',
  brokenContext:
    'The link is cut short or damaged: what should follow "context=" cannot be read. Copy the whole link again.',
  noTenant: "The link does not name the organizer's tenant, so the meeting cannot be found. Copy the whole link again.",
  noOrganizer: 'The link does not name the organizer, so the meeting cannot be found. Copy the whole link again.',
  notAMeetingId: 'A meeting id is 9 to 20 digits. Copy it from the invitation.',
}

/** The text leads to no meeting that a bot could join. The sentence never quotes the text. */
export class JoinUrlError extends Error {
  override readonly name = 'JoinUrlError'
  readonly code: JoinUrlReason
  /** With `notAUrl`: the digits of the text, when it looks like a meeting id. Offer to join by it (`parseMeetingId`). */
  readonly meetingId: string | null

  constructor(code: JoinUrlReason, meetingId: string | null = null) {
    super(sentences[code])
    this.code = code
    this.meetingId = meetingId
  }
}

/** What create-call needs to join. */
export type JoinInfo = {
  meetingInfo: MeetingInfo
  /** Absent for a meeting joined by its id: the service fills it in the answer. */
  chatInfo?: ChatInfo
  /** The organizer's tenant. A short link does not name it: then it is the tenant that was passed, if any. */
  tenantId?: string
}

export type JoinUrlSettings = {
  /** Whose links are taken: teams.microsoft.com, unless told otherwise. The hosts of government clouds are not published. */
  hosts?: readonly string[]
  /** For links that name no tenant, such as that of the bot's installation. */
  tenantId?: string | undefined
}

const mostCharacters = 8_192
/** A link in a launcher in a mail filter's link is three; more is a game. */
const mostWrappings = 5
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const personalHost = 'teams.live.com'

/**
 * Reads a link of a Teams meeting: the long form (meetup-join), the short one (meet), either inside the launcher's or the web
 * client's address, and encoded once, twice or not at all. Links wrapped by Outlook's Safe Links are unwrapped too (inferred).
 * Nothing is fetched. Throws JoinUrlError. Forms and rules: join-urls.json of the contract.
 */
export function parseJoinUrl(
  text: string,
  settings: JoinUrlSettings & { tenantId: string },
): JoinInfo & { tenantId: string }
export function parseJoinUrl(text: string, settings?: JoinUrlSettings): JoinInfo
export function parseJoinUrl(
  text: string,
  { hosts = ['teams.microsoft.com'], tenantId }: JoinUrlSettings = {},
): JoinInfo {
  if (text.length > mostCharacters) throw new JoinUrlError('tooLong')
  const url = unwrap(urlIn(text), hosts)
  const [first, second, ...rest] = url.pathname.split('/').filter(Boolean)
  if (first === 'l' && second === 'meetup-join') return scheduled(rest, url.searchParams.get('context'))
  if (first === 'meet' && second && rest.length === 0 && digitsOf(second)) {
    // That p is the passcode was observed; a note calls it a hashed one. If Graph refuses it, ask for the invitation's passcode.
    return parseMeetingId(second, url.searchParams.get('p'), { tenantId })
  }
  throw new JoinUrlError('notAMeeting')
}

/** Joins by the id and the passcode that stand in the invitation, with or without spaces. Throws JoinUrlError `notAMeetingId`. */
export function parseMeetingId(
  id: string,
  passcode: string | null = null,
  { tenantId }: Pick<JoinUrlSettings, 'tenantId'> = {},
): JoinInfo {
  const joinMeetingId = digitsOf(id)
  if (!joinMeetingId) throw new JoinUrlError('notAMeetingId')
  return {
    meetingInfo: {
      '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo',
      joinMeetingId,
      passcode: passcode?.trim() || null,
    },
    ...(tenantId !== undefined && { tenantId }),
  }
}

function urlIn(text: string): URL {
  const trimmed = text.trim().replace(/^<(.*)>$/s, '$1')
  // A mail filter may have encoded the whole of it.
  const link = /^https?%/i.test(trimmed) ? (decoded(trimmed) ?? trimmed) : trimmed
  const url = URL.canParse(link) ? new URL(link) : null
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new JoinUrlError('notAUrl', digitsOf(trimmed))
  return url
}

/** The address inside all that may be around it, on a host of Teams. */
function unwrap(outer: URL, hosts: readonly string[]): URL {
  let url = outer
  for (let wrapping = 0; wrapping <= mostWrappings; wrapping += 1) {
    const inner = innerOf(url, hosts)
    if (inner === null) return url
    url = inner
  }
  throw new JoinUrlError('notAMeeting')
}

/** The address that this one leads on to, null when it is the last. Every address on the way must be one that we trust. */
function innerOf({ host, origin, pathname, searchParams, hash }: URL, hosts: readonly string[]): URL | null {
  if (host.endsWith('.safelinks.protection.outlook.com')) return leadingTo(searchParams.get('url'))
  if (host !== personalHost && !hosts.includes(host)) throw new JoinUrlError('foreignHost')
  if (pathname === '/dl/launcher/launcher.html') return leadingTo(searchParams.get('url'), origin)
  if (pathname === '/_' && hash.startsWith('#/')) return leadingTo(hash.slice(1), origin)
  if (host === personalHost) throw new JoinUrlError('personalMeeting')
  return null
}

function leadingTo(address: string | null, base?: string): URL {
  if (address === null || !URL.canParse(address, base)) throw new JoinUrlError('notAMeeting')
  return new URL(address, base)
}

function scheduled([thread, message = '0', ...rest]: string[], contextText: string | null): JoinInfo {
  const threadId = decoded(thread ?? '')
  const messageId = decoded(message)
  // The kinds of thread end differently, but all begin so.
  if (!threadId || !/^19:[^\s/?#]+$/.test(threadId) || !messageId || !/^\d+$/.test(messageId) || rest.length > 0) {
    throw new JoinUrlError('notAMeeting')
  }
  const context = membersOf(json(decoded(contextText ?? '') ?? ''))
  const tenantId = context.get('tid')
  if (typeof tenantId !== 'string' || !guid.test(tenantId)) throw new JoinUrlError('noTenant')
  const organizer = context.get('oid')
  if (typeof organizer !== 'string' || !guid.test(organizer)) throw new JoinUrlError('noOrganizer')
  const replyChain = context.get('messageid')
  return {
    meetingInfo: {
      '@odata.type': '#microsoft.graph.organizerMeetingInfo',
      organizer: {
        '@odata.type': '#microsoft.graph.identitySet',
        user: { '@odata.type': '#microsoft.graph.identity', id: organizer, tenantId },
      },
    },
    chatInfo: {
      '@odata.type': '#microsoft.graph.chatInfo',
      threadId,
      messageId,
      ...(typeof replyChain === 'string' && /^\d+$/.test(replyChain) && { replyChainMessageId: replyChain }),
    },
    tenantId,
  }
}

/** The members by their names in lower case. */
function membersOf(context: unknown): Map<string, unknown> {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) throw new JoinUrlError('brokenContext')
  return new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Without percent-encoding, however often it was encoded; null when it is broken. */
function decoded(text: string): string | null {
  try {
    let plain = text
    for (let times = 0; times < 4 && /%[0-9a-f]{2}/i.test(plain); times += 1) plain = decodeURIComponent(plain)
    return plain
  } catch {
    return null
  }
}

/** How many digits there are is not published: 9 to 20 takes every form that was seen, and no phone number with a plus. */
function digitsOf(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^\d{9,20}$/.test(digits) ? digits : null
}
