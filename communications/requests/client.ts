import { createGraph, type GraphSettings } from '../road/graph.ts'
import { type AppCatalog, appCatalogOver } from './appCatalog.ts'
import { type AudioRoutingGroups, audioRoutingGroupsOver } from './audioRoutingGroups.ts'
import { type Beta, createBeta } from './beta.ts'
import { type CallOperations, callsOver } from './calls.ts'
import { type ContentSharingSessions, contentSharingSessionsOver } from './contentSharingSessions.ts'
import { type OnlineMeetings, onlineMeetingsOver } from './onlineMeetings.ts'
import { type Participants, participantsOver } from './participants.ts'
import { type Presences, presenceOver } from './presence.ts'

/** All of Graph's cloud communications, one resource a member. `close` ends the connections. */
export type Client = {
  calls: CallOperations
  participants: Participants
  audioRoutingGroups: AudioRoutingGroups
  contentSharingSessions: ContentSharingSessions
  onlineMeetings: OnlineMeetings
  presence: Presences
  appCatalog: AppCatalog
  /** May change or end on any day. */
  beta: Beta
  close(): Promise<void>
}

/**
 * The client. It keeps no state of calls between requests, so any process may take any notification and ask anything of any call. All
 * resources share one road: its connections, tokens, tries and waits. Throws TypeError for a graphUrl without TLS on another machine.
 */
export function createClient(settings: GraphSettings): Client {
  const graph = createGraph(settings)
  return {
    calls: callsOver(graph, settings),
    participants: participantsOver(graph),
    audioRoutingGroups: audioRoutingGroupsOver(graph),
    contentSharingSessions: contentSharingSessionsOver(graph),
    onlineMeetings: onlineMeetingsOver(graph),
    presence: presenceOver(graph),
    appCatalog: appCatalogOver(graph),
    beta: createBeta(graph),
    close: graph.close,
  }
}
