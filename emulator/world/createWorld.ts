import type { Activity } from '../wire/activity.ts'
import { createAppCatalog } from './appCatalog.ts'
import { hasEnded } from './call.ts'
import { dropOldCalls, findCall, forgetCalls } from './calls.ts'
import { botLeaves } from './conversations.ts'
import { settleInvitation } from './dial.ts'
import { dropInvitations } from './invitations.ts'
import { end } from './lifecycle.ts'
import { createMeetingArtifacts } from './meetingArtifacts.ts'
import { createMeetings } from './meetings.ts'
import { resultInfo } from './notifications.ts'
import { createPeople } from './people.ts'
import { createPresences } from './presences.ts'
import { createPrompts, type FetchMedia } from './prompts.ts'
import { createRecordings } from './recordings.ts'
import { dropTransfer } from './transfers.ts'
import type { World } from './world.ts'

type Given = Pick<World, 'settings' | 'clock' | 'delivery' | 'users' | 'onSound'>
type Deps = Given & { activity: Activity; fetchMedia?: FetchMedia | undefined }

export function createWorld({ activity, fetchMedia, ...given }: Deps): World {
  const { settings, clock } = given
  const world: World = {
    ...given,
    people: createPeople(),
    prompts: createPrompts(settings, { activity, fetchMedia }),
    recordings: createRecordings({ settings, clock }),
    meetings: createMeetings(clock),
    artifacts: createMeetingArtifacts(),
    presences: createPresences(clock),
    catalog: createAppCatalog(clock),
    calls: new Map(),
    endedCalls: [],
    held: new Map(),
    unknownMeetings: new Set(),
    invitations: new Map(),
    onEnd(call) {
      dropTransfer(call)
      settleInvitation(call, 'decline')
      dropInvitations(world, call)
      botLeaves(world, call)
      world.recordings.callEnded(call)
      dropOldCalls(world, call)
    },
  }
  return world
}

/** The service loses a call: it ends for everybody. Nothing happens to one that has ended. */
export function dropCall(world: World, id: string, result: { code: number; subcode: number; message: string }): void {
  const { code, subcode, message } = result
  const call = findCall(world, id)
  if (call && !hasEnded(call)) end(world, call, 'service', resultInfo(code, subcode, message))
}

/** Nothing of it has ever been. */
export function forgetWorld(world: World): void {
  forgetCalls(world)
  const { held, unknownMeetings, invitations, people, prompts, recordings } = world
  for (const map of [held, unknownMeetings, invitations]) map.clear()
  for (const part of [people, prompts, recordings]) part.forget()
  const { users, meetings, artifacts, presences, catalog } = world
  for (const part of [users, meetings, artifacts, presences, catalog]) part.forget()
}
