import type {
  ChangeType,
  CommsNotifications,
  CommsOperation,
  Call as GraphCall,
  IdentitySet,
  ResultInfo,
} from '#communications/wire/types.ts'
import type { Call, Participant } from './call.ts'
import { participantResource } from './conversation.ts'
import type { World } from './world.ts'

/** The notifications that the service sends (contract: schemas/notifications.emit.v1.json). All but `tell` only makes bodies. */

export const notification = (changeType: ChangeType, path: string, resourceData: unknown): CommsNotifications => ({
  '@odata.type': '#microsoft.graph.commsNotifications',
  value: [
    {
      '@odata.type': '#microsoft.graph.commsNotification',
      changeType,
      // Deprecated, and still sent beside resourceUrl.
      resource: `/app/calls/${path}`,
      resourceUrl: `/communications/calls/${path}`,
      resourceData,
    },
  ],
})

export const resultInfo = (code: number, subcode: number, message: string): ResultInfo => ({
  '@odata.type': '#microsoft.graph.resultInfo',
  code,
  subcode,
  message,
})

export const callNews = (call: Call): GraphCall => ({
  '@odata.type': '#microsoft.graph.call',
  id: call.id,
  callChainId: call.chainId,
  tenantId: call.tenantId,
  state: call.state,
})

/** Somebody calls the bot. `showCaller` false: the app may not know who (call-answer page). */
export function incomingCall(call: Call, showCaller: boolean): CommsNotifications {
  const source = showCaller ? call.source : { ...call.source, identity: encrypted(call) }
  return notification('created', call.id, {
    ...callNews(call),
    direction: call.direction,
    source,
    targets: call.targets,
    requestedModalities: ['audio'],
    myParticipantId: call.myParticipantId,
    callbackUri: call.terms.callbackUri,
    ...(call.conversation.chatInfo && { chatInfo: call.conversation.chatInfo }),
    ...(call.conversation.meetingInfo && { meetingInfo: call.conversation.meetingInfo }),
    ...(call.botData && {
      incomingContext: incomingContextOf(call.source.id ?? null),
      applicationMetadata: { botData: call.botData },
    }),
    ...(call.transferor && {
      incomingContext: { '@odata.type': '#microsoft.graph.incomingContext' as const, transferor: call.transferor },
    }),
  } satisfies GraphCall)
}

/** Of a call for policy recording: who is to be recorded. */
export const incomingContextOf = (participantId: string | null) => ({
  '@odata.type': '#microsoft.graph.incomingContext' as const,
  sourceParticipantId: participantId,
  observedParticipantId: participantId,
})

/** The participant's own random id stands for what Graph would encrypt. */
const encrypted = (call: Call): IdentitySet => ({
  '@odata.type': '#microsoft.graph.identitySet',
  encrypted: { '@odata.type': '#microsoft.graph.identity', id: call.source.id ?? call.chainId },
})

/** The call as it now stands, and what else is new. */
export const updatedCall = (call: Call, news: Partial<GraphCall> = {}): CommsNotifications =>
  notification('updated', call.id, { ...callNews(call), ...news })

export const endedCall = (call: Call, news: Partial<GraphCall>): CommsNotifications =>
  notification('deleted', call.id, { ...callNews(call), ...news })

export const endedOperation = (call: Call, operation: CommsOperation & { id: string }): CommsNotifications =>
  notification('deleted', `${call.id}/operations/${operation.id}`, operation)

export const roster = (call: Call, shown: readonly Participant[]): CommsNotifications =>
  notification(
    'updated',
    `${call.id}/participants`,
    shown.map((one) => participantResource(one)),
  )

type RosterChanges = { sequenceNumber: number; changed: readonly Participant[]; gone: readonly Participant[] }

/** With `isDeltaRosterEnabled`: what changed since the last one (deltaParticipants page). The reason of removedState is shown nowhere. */
export function rosterChanges(call: Call, { sequenceNumber, changed, gone }: RosterChanges): CommsNotifications {
  const removedState = { '@odata.type': '#microsoft.graph.removedState', reason: 'Removed' }
  return notification('updated', `${call.id}/participants`, {
    '@odata.type': '#microsoft.graph.deltaParticipants',
    sequenceNumber,
    participants: [
      ...changed.map((one) => participantResource(one, sequenceNumber)),
      ...gone.map((one) => ({ ...participantResource(one, sequenceNumber), removedState })),
    ],
  })
}

/** Somebody begins, changes or ends to share; the address is written in lower case, as in the examples. */
export const contentSharing = (call: Call, changeType: ChangeType, sessionId: string): CommsNotifications =>
  notification(changeType, `${call.id}/contentsharingsessions`, [
    { '@odata.type': '#microsoft.graph.contentSharingSession', id: sessionId },
  ])

/**
 * The old Skype form of an incoming call, which 204 asks to have again in Graph form. The shape was seen in a public issue
 * (microsoftgraph/microsoft-graph-docs 8310).
 */
export function legacyIncomingCall(call: Call): unknown {
  const { user, phone } = call.source.identity ?? {}
  const both = { isHidden: false, endPointType: 'default', removeFromDefaultAudioRoutingGroup: false }
  return {
    id: call.id,
    participants: [
      {
        identity: user ? `8:orgid:${user.id}` : `4:${phone?.id}`,
        participantId: call.source.id ?? call.chainId,
        languageId: 'en-us',
        tenantId: call.tenantId,
        region: 'amer',
        originator: true,
        ...both,
      },
      { identity: `28:${call.appId}`, participantId: call.myParticipantId, originator: false, ...both },
    ],
    isMultiparty: false,
    presentedModalityTypes: ['audio'],
    callState: 'incoming',
    tenantId: call.tenantId,
  }
}

/**
 * Sends a notification of the call to where its bot wants them. Resolves to the bot's status, null for none. `onAnswer` is given the
 * body of the answer once the bot took it.
 */
export const tell = (
  { delivery }: World,
  call: Call,
  notification: unknown,
  onAnswer?: (text: string) => void,
): Promise<number | null> =>
  delivery.post(call, call.terms.callbackUri, notification, { onAnswer, oldForm: () => legacyIncomingCall(call) })
