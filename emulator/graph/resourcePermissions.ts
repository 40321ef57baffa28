import type { Bearer } from '../wire/entra.ts'
import { Refusal } from '../wire/refusal.ts'

/** Any one of these will do: application permissions for an app by itself, scopes for an app with a signed-in user. */
export type Needed = { application: readonly string[]; delegated: readonly string[] }

const readMeetings: Needed = {
  application: ['OnlineMeetings.Read.All', 'OnlineMeetings.ReadWrite.All'],
  delegated: ['OnlineMeetings.Read', 'OnlineMeetings.ReadWrite'],
}
const writeMeetings: Needed = {
  application: ['OnlineMeetings.ReadWrite.All'],
  delegated: ['OnlineMeetings.ReadWrite'],
}
const readArtifacts = (name: string): Needed => ({
  application: [`${name}.Read.All`, `${name}.Read.Chat`],
  delegated: [`${name}.Read.All`],
})
const writePresence: Needed = { application: ['Presence.ReadWrite.All'], delegated: ['Presence.ReadWrite'] }
const readPresence = ['Presence.Read.All', 'Presence.ReadWrite.All']
const writeCatalog: Needed = {
  application: [],
  delegated: ['AppCatalog.ReadWrite.All', 'AppCatalog.Submit', 'Directory.ReadWrite.All'],
}

/** What each operation needs (contract: operations.json, which resources.test.ts compares with). */
export const neededFor = {
  'onlinemeeting-create': writeMeetings,
  'onlinemeeting-createorget': writeMeetings,
  'onlinemeeting-get': readMeetings,
  'onlinemeeting-list-by-vtcid': readMeetings,
  'onlinemeeting-update': writeMeetings,
  'onlinemeeting-delete': writeMeetings,
  'meetingattendancereport-list': readArtifacts('OnlineMeetingArtifact'),
  'meetingattendancereport-get': readArtifacts('OnlineMeetingArtifact'),
  'attendancerecord-list': readArtifacts('OnlineMeetingArtifact'),
  'onlinemeeting-list-transcripts': readArtifacts('OnlineMeetingTranscript'),
  'calltranscript-get': readArtifacts('OnlineMeetingTranscript'),
  'calltranscript-get-content': readArtifacts('OnlineMeetingTranscript'),
  'onlinemeeting-list-recordings': readArtifacts('OnlineMeetingRecording'),
  'callrecording-get': readArtifacts('OnlineMeetingRecording'),
  'callrecording-get-content': readArtifacts('OnlineMeetingRecording'),
  getpresencesbyuserid: { application: readPresence, delegated: ['Presence.Read.All'] },
  'presence-get': { application: readPresence, delegated: ['Presence.Read', 'Presence.Read.All'] },
  'presence-setpresence': writePresence,
  'presence-clearpresence': writePresence,
  'presence-setuserpreferredpresence': writePresence,
  'presence-clearuserpreferredpresence': writePresence,
  'presence-setstatusmessage': writePresence,
  'teamsapp-list': {
    application: ['AppCatalog.Read.All', 'AppCatalog.ReadWrite.All'],
    delegated: [
      'AppCatalog.Read.All',
      'AppCatalog.ReadWrite.All',
      'AppCatalog.Submit',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
    ],
  },
  'teamsapp-publish': writeCatalog,
  'teamsapp-update': writeCatalog,
  'teamsapp-delete': writeCatalog,
} satisfies Record<string, Needed>

export type ResourceOperation = keyof typeof neededFor

/** What a signed-in user needs to see somebody else. Whatever is not here is for that person alone (project choice). */
const neededForOthers: Partial<Record<ResourceOperation, readonly string[]>> = { 'presence-get': ['Presence.Read.All'] }

/**
 * Throws a Refusal 403 when the token lacks what the operation asks. 7504 is the one code that is known for missing consent; it
 * was observed with calls (contract: result-codes.json), the pages name none for these resources.
 */
export function requireConsent(operation: ResourceOperation, { user, permissions }: Bearer): void {
  const { application, delegated }: Needed = neededFor[operation]
  if (user ? holdsOne(user.scopes, delegated) : holdsOne(permissions, application)) return
  throw lacksPermission()
}

/** Throws the same when the signed-in user may do this only for themselves. */
export function requireConsentForOthers(operation: ResourceOperation, { user }: Bearer): void {
  if (user && !holdsOne(user.scopes, neededForOthers[operation] ?? [])) throw lacksPermission()
}

const holdsOne = (held: readonly string[], oneOf: readonly string[]) => oneOf.some((one) => held.includes(one))

const lacksPermission = () => new Refusal(403, '7504', 'Insufficient tenant permissions for this operation.')
