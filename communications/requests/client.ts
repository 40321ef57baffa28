import { createGraph, type Graph, type GraphSettings } from '../road/graph.ts'
import { type AppCatalog, appCatalog } from './appCatalog.ts'
import { type AudioRoutingGroups, audioRoutingGroups } from './audioRoutingGroups.ts'
import { type Beta, beta } from './beta.ts'
import { type CallOperations, callOperations } from './calls.ts'
import { type ContentSharingSessions, contentSharingSessions } from './contentSharingSessions.ts'
import { type OnlineMeetings, onlineMeetings } from './onlineMeetings.ts'
import { methodsOf } from './operation.ts'
import { type Participants, participants } from './participants.ts'
import { type Presences, presence } from './presence.ts'
import { type Users, users } from './users.ts'

/** All of Graph's cloud communications, and whom there is to call, one resource a member. `close` ends the connections. */
export type Client = {
  calls: CallOperations
  participants: Participants
  audioRoutingGroups: AudioRoutingGroups
  contentSharingSessions: ContentSharingSessions
  onlineMeetings: OnlineMeetings
  presence: Presences
  appCatalog: AppCatalog
  users: Users
  /** May change or end on any day. */
  beta: Beta
} & Pick<Graph, 'longestWaitMs' | 'close'>

/**
 * The client. It keeps no state of calls between requests, so any process may take any notification and ask anything of any call. All
 * resources share one road: its connections, tokens, tries and waits. Throws TypeError for a graphUrl without TLS on another machine.
 */
export function createClient(settings: GraphSettings): Client {
  const graph = createGraph(settings)
  return {
    calls: methodsOf(graph, '', callOperations),
    participants: methodsOf(graph, 'participants.', participants),
    audioRoutingGroups: methodsOf(graph, 'audioRoutingGroups.', audioRoutingGroups),
    contentSharingSessions: methodsOf(graph, 'contentSharingSessions.', contentSharingSessions),
    onlineMeetings: methodsOf(graph, 'onlineMeetings.', onlineMeetings),
    presence: methodsOf(graph, 'presence.', presence),
    appCatalog: methodsOf(graph, 'appCatalog.', appCatalog),
    users: methodsOf(graph, 'users.', users),
    beta: methodsOf(graph, 'beta.', beta),
    longestWaitMs: graph.longestWaitMs,
    close: graph.close,
  }
}
