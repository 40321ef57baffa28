import type { Clock } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import type { Delivery } from '../wire/delivery.ts'
import type { Users } from '../wire/users.ts'
import type { AppCatalog } from './appCatalog.ts'
import type { Call, Conversation } from './call.ts'
import type { MeetingArtifacts } from './meetingArtifacts.ts'
import type { Meetings } from './meetings.ts'
import type { People } from './people.ts'
import type { Presences } from './presences.ts'
import type { Prompts } from './prompts.ts'
import type { Recordings } from './recordings.ts'

/**
 * Everything that goes on. Functions of this folder are given it first, and do with it what their file is about; createWorld.ts makes
 * it. Like the parts of a call, each map is changed by the one file that is named beside it.
 */
export type World = {
  readonly settings: Settings
  readonly clock: Clock
  readonly delivery: Delivery

  readonly people: People
  readonly prompts: Prompts
  readonly recordings: Recordings
  readonly users: Users
  readonly meetings: Meetings
  readonly artifacts: MeetingArtifacts
  readonly presences: Presences
  readonly catalog: AppCatalog

  /** calls.ts: by their normal id, also the last ones that ended. */
  readonly calls: Map<string, Call>
  /** calls.ts: the normal ids of those that ended, the latest last. */
  readonly endedCalls: string[]
  /** conversations.ts: the conversation that is held in a meeting, by the meeting's id. */
  readonly held: Map<string, Conversation>
  /** conversations.ts: meetings that nobody made, taken for ones of the tenant. They go with the last who leaves. */
  readonly unknownMeetings: Set<string>
  /** invitations.ts: those that nobody has taken or refused yet, by the participant that it would be. */
  readonly invitations: Map<string, { call: Call; withdraw: () => void }>

  /** A prompt begins to sound. */
  readonly onSound: (call: Call) => void
  /** A call has ended. */
  readonly onEnd: (call: Call) => void
}
