import { normalId } from '#ground/ids.ts'
import {
  all,
  type Bag,
  changeType,
  integer,
  isBag,
  listOf,
  readCall,
  readContentSharingSession,
  readOperation,
  readParticipant,
  text,
  typeName,
} from '../wire/read.ts'
import type { Call, ChangeType, CommsOperation, ContentSharingSession, Participant } from '../wire/types.ts'

export { normalId, sameId } from '#ground/ids.ts'

/** News of one resource. `callId` is the id to compare and to key by; `wireCallId` is as received, for requests. */
export type Notification = { changeType: ChangeType; callId: string; wireCallId: string } & (
  | { resource: 'call'; call: Call }
  | { resource: 'operation'; operationId: string | null; operation: CommsOperation }
  /** The whole roster, the bot included. That it is whole without `isDeltaRosterEnabled` is inferred. */
  | { resource: 'participants'; participants: Participant[]; delta?: false; sequenceNumber?: undefined }
  /** What changed in the roster, numbered. Who has left carries `removedState`. */
  | { resource: 'participants'; participants: Participant[]; delta: true; sequenceNumber?: number }
  | { resource: 'contentSharingSessions'; sessions: ContentSharingSession[] }
  /** Policy-based recording only: somebody of the policy joins, or has left. See `ParticipantJoiningResponse`. */
  | { resource: 'participantJoining'; call: Call }
  | { resource: 'participantLeft'; call: Call; participantId: string | null }
  | { resource: 'other'; type: string | null }
)

/** The body is no notification. Answer 400: sending it again will not help. */
export class NotificationError extends Error {
  override readonly name = 'NotificationError'
  readonly code = 'notANotification'

  constructor(why: string) {
    super(`The body is not a Graph calls notification: ${why}. Check who posts to this address.`)
  }
}

/**
 * Reads the body of one callback.
 *
 * `legacy` is the older Skype form, told by its `callState`: answer 204 without a body, and Graph sends it again in its own form
 * (Teams platform page on call notifications). Everything else must be commsNotifications, else NotificationError is thrown. An element
 * that cannot be read is left out where another one can: a batch that is refused would take the end of a call with it.
 */
export function parseNotifications(
  body: unknown,
): { kind: 'legacy' } | { kind: 'graph'; notifications: Notification[] } {
  if (!isBag(body)) throw new NotificationError('it is not an object')
  const type = body['@odata.type']
  if (type === undefined && body.value === undefined && typeof body.callState === 'string') return { kind: 'legacy' }
  // The type may be missing (schema notifications.v1), but another one means another sort of body.
  if (type !== undefined && typeName(type) !== 'commsnotifications')
    throw new NotificationError('it has another @odata.type')

  const elements = listOf(body.value)
  const notifications: Notification[] = []
  const reasons: string[] = []
  for (const element of elements) {
    const read = readElement(element)
    if (typeof read === 'string') reasons.push(read)
    else for (const one of read) notifications.push(one)
  }
  if (reasons.length === elements.length) throw new NotificationError(reasons[0] ?? 'it has no value')
  return { kind: 'graph', notifications }
}

/** The news of one element, or why it cannot be read. */
function readElement(element: unknown): Notification[] | string {
  if (!isBag(element)) return 'an element of value is not an object'
  if (text(element.changeType) === undefined) return 'an element has no changeType'
  const change = changeType(element.changeType)
  // A kind of change that is newer than this program says nothing to us, and the others of its batch still count.
  if (!change) return []
  const address = addressOf(element)
  if (!address) return 'an element names no call in its resourceUrl'

  const data = bagsIn(element.resourceData)
  const about = (wireCallId: string) => ({ changeType: change, callId: normalId(wireCallId), wireCallId })
  const here = about(address.callId)
  switch (resourceOf(address, data, change)) {
    // News of calls and operations come all the time: a copy of `here` would cost as much as all the rest of their reading.
    case 'call':
      // An end may come without data: its address says whose it is.
      return (data.length > 0 ? data : [{}]).map((raw) => {
        const call = readCall(raw) ?? {}
        const { callId, wireCallId } = call.id !== address.callId && isCallId(call.id) ? about(call.id) : here
        return { changeType: change, callId, wireCallId, resource: 'call', call }
      })
    case 'operation':
      return data.map((raw) => {
        const { callId, wireCallId } = here
        const operation = readOperation(raw) ?? {}
        const id = operation.id ?? address.operationId
        const operationId = id ? normalId(id) : null
        return { changeType: change, callId, wireCallId, resource: 'operation', operationId, operation }
      })
    case 'participants':
      return [{ ...here, resource: 'participants', participants: all(data, readParticipant) ?? [], delta: false }]
    case 'deltaParticipants':
      return data.map((raw) => {
        const sequenceNumber = integer(raw.sequenceNumber)
        return {
          ...here,
          resource: 'participants',
          participants: all(raw.participants, readParticipant) ?? [],
          delta: true,
          ...(sequenceNumber !== undefined && { sequenceNumber }),
        }
      })
    case 'contentSharingSessions': {
      const named = all(data, readContentSharingSession) ?? []
      // One documented event has no data: its address names the session.
      const sessions = named.length > 0 || !address.id ? named : [{ id: address.id }]
      return [{ ...here, resource: 'contentSharingSessions', sessions }]
    }
    // No example of these two is public: neither what their address is nor which call it names. So `callId` is that of the address,
    // and the call inside is left as it came.
    case 'participantJoining':
      return data.map((raw) => ({ ...here, resource: 'participantJoining', call: readCall(raw.call) ?? {} }))
    case 'participantLeft':
      return data.map((raw) => ({
        ...here,
        resource: 'participantLeft',
        call: readCall(raw.call) ?? {},
        participantId: text(raw.participantId) ?? null,
      }))
    case 'other':
      return [{ ...here, resource: 'other', type: text(data[0]?.['@odata.type']) ?? null }]
  }
}

type Resource = Notification['resource'] | 'deltaParticipants'

const resources = new Map<string, Resource>([
  ['call', 'call'],
  ['participant', 'participants'],
  ['deltaparticipants', 'deltaParticipants'],
  ['contentsharingsession', 'contentSharingSessions'],
  ['participantjoiningnotification', 'participantJoining'],
  ['participantleftnotification', 'participantLeft'],
])

/** What the data says it is; where it says nothing, or nothing that we know, what the address says. */
function resourceOf({ rest }: Address, data: readonly Bag[], change: ChangeType): Resource {
  const type = typeName(data[0]?.['@odata.type'])
  if (type?.endsWith('operation')) return 'operation'
  const known = type === undefined ? undefined : resources.get(type)
  if (known) return known
  if (type !== undefined) {
    // A type of its own at the address of the call may be about anything: with a state it is about the call.
    return rest === undefined && text(data[0]?.state) !== undefined ? 'call' : 'other'
  }
  if (rest === 'participants') return data[0] && isDelta(data[0]) ? 'deltaParticipants' : 'participants'
  if (rest === 'contentsharingsessions') return 'contentSharingSessions'
  if (data.length === 0) return rest === undefined && change === 'deleted' ? 'call' : 'other'
  if (rest === undefined) return 'call'
  return rest === 'operations' ? 'operation' : 'other'
}

/** A participant has neither of these members. */
const isDelta = (raw: Bag): boolean => Array.isArray(raw.participants) || raw.sequenceNumber !== undefined

type Address = { callId: string; rest: string | undefined; id: string | null; operationId: string | null }

const addressPattern = /^\/?(?:communications|app)\/calls\/([^/?#]+)(?:\/([^/?#]+)(?:\/([^/?#]+))?)?/i

/** Those of an entity or a list of them that are objects. */
function bagsIn(value: unknown): readonly Bag[] {
  if (isBag(value)) return [value]
  return Array.isArray(value) ? value.filter(isBag) : []
}

const addressOf = ({ resourceUrl, resource }: Bag): Address | null => addressIn(resourceUrl) ?? addressIn(resource)

/** /communications/calls/{id}/…, or the deprecated /app/calls/{id}/…; some examples lack the first slash. */
function addressIn(url: unknown): Address | null {
  const found = addressPattern.exec(text(url) ?? '')
  const callId = found?.[1]
  if (!isCallId(callId)) return null
  const rest = found?.[2]?.toLowerCase()
  const id = found?.[3] ?? null
  // One documented operation comes under /operations/participants, which is no id.
  return { callId, rest, id, operationId: rest === 'operations' && id !== 'participants' ? id : null }
}

/** Ids are opaque, but they become part of a path: nothing that could lead to another one. */
function isCallId(id: string | undefined): id is string {
  return id !== undefined && /^(?!\.+$)[\w.:@-]{1,128}$/.test(id)
}
