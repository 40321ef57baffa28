import type { Call, Terms } from './call.ts'
import type { Agreed } from './taken.ts'

/** What a bot and the service agree about a call, by the requests that make and take it. */

const repeatedNames = [
  'requestedModalities',
  'mediaConfig',
  'callOptions',
  'chatInfo',
  'meetingInfo',
  'subject',
  'ringingTimeoutInSeconds',
] as const satisfies readonly (keyof Terms['repeated'])[]

export const newTerms = (callbackUri: string): Terms => ({
  callbackUri,
  media: null,
  // No page gives defaults: false (project choice of the contract).
  isDeltaRosterEnabled: false,
  isContentSharingNotificationEnabled: false,
  participantCapacity: null,
  joinedWith: null,
  repeated: {},
})

const joinedWith = {
  '#microsoft.graph.organizerMeetingInfo': 'organizer',
  '#microsoft.graph.tokenMeetingInfo': 'token',
  '#microsoft.graph.joinMeetingIdMeetingInfo': 'joinMeetingId',
} as const

/** Takes over what a request says. What it does not name stays. */
export function agree({ terms }: Call, body: Agreed): void {
  const { callbackUri, mediaConfig, callOptions, participantCapacity, meetingInfo } = body
  if (callbackUri) terms.callbackUri = callbackUri
  if (mediaConfig) {
    const isServiceHosted = mediaConfig['@odata.type'].endsWith('serviceHostedMediaConfig')
    terms.media = isServiceHosted ? 'serviceHosted' : 'appHosted'
  }
  terms.isDeltaRosterEnabled = callOptions?.isDeltaRosterEnabled ?? terms.isDeltaRosterEnabled
  terms.isContentSharingNotificationEnabled =
    callOptions?.isContentSharingNotificationEnabled ?? terms.isContentSharingNotificationEnabled
  terms.participantCapacity = participantCapacity ?? terms.participantCapacity
  if (meetingInfo) terms.joinedWith = joinedWith[meetingInfo['@odata.type']]
  for (const name of repeatedNames) if (body[name] != null) Object.assign(terms.repeated, { [name]: body[name] })
}
