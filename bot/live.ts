import type { News, Pace } from '#communications/calling/followed.ts'
import type { Calls } from '#communications/requests/calls.ts'
import type { Incoming } from '#flow/routing.ts'
import type { FlowEvent } from '#flow/talk.ts'
import type { Clock } from '#ground/clock.ts'
import type { Soon } from '#ground/soon.ts'
import type { Store } from '#store/database.ts'
import type { HistoryEntry } from '#store/history.ts'
import type { Fresh } from './fresh.ts'
import type { Lanes } from './lanes.ts'
import type { Log } from './log.ts'
import type { Recordings } from './recordings.ts'
import type { Routed } from './routing.ts'
import type { Services } from './services.ts'
import type { Sessions } from './session.ts'
import type { Timers } from './timers.ts'
import type { Underway } from './underway.ts'

export type LiveCallsDeps = {
  calls: Calls
  sessions: Sessions
  /** Where flows look rows up and write them; without it there are no tables. */
  tables?: Pick<Store['tables'], 'lookUp' | 'write'>
  /** Where flows put those who are to be called back; without it they cannot. */
  callbacks?: Pick<Store['callbacks'], 'add'>
  /** The version that answers, if need be by saying that nobody does. Rejects when that cannot be known. */
  route(tenantId: string, call: Omit<Incoming, 'at'>): Promise<Routed>
  /** Never waits. */
  record(entry: HistoryEntry): void
  /** Speaks what is known only during a call; without it such prompts fail. */
  fresh?: Pick<Fresh, 'of' | 'forget'>
  callbackUri: string
  /** What callers say into a recording. Without it nothing of that is fetched, and flows hear that it failed. */
  recordings?: Pick<Recordings, 'expect' | 'take' | 'late'>
  log: Log
  /** New calls are turned away as busy beyond this, so that those under way keep their pace. */
  maxLiveCalls: number
  /** And while this says so, asked once for each new call: the process cannot keep up (lateness.ts). */
  turnsAway?: () => boolean
  /** What flows reach besides Graph; without it, nothing. */
  services?: Services
  /** The opaque id that Graph hands back with the end of an operation. */
  newContext?: (callId: string) => string
  /** Real time, unless told otherwise. */
  clock?: Clock
  /** The times that a call is allowed, where they differ from the usual ones. */
  pace?: Partial<Pace>
}

/** All that the files about live calls share: what they were given, and what is under way. Of the calls themselves only `sessions` knows. */
export type Live = Required<LiveCallsDeps> & {
  readonly pace: Pace
  readonly timers: Timers
  /** What is heard of one call, one piece after the other. */
  readonly lanes: Lanes
  /** The requests of one call, one after the other. */
  readonly requests: Lanes
  /** Ends the requests of a call with it, and those of a visit when the flow moves on. */
  readonly underway: Underway
  /** What goes on for calls that have no session any more, by `partingOf`. */
  readonly partings: Underway
  readonly closing: AbortController
  /** Gives an event to the flow of a call, behind whatever already waits in its lane. */
  tell(callId: string, event: FlowEvent): void
  /** The same with what was learnt of the call. Resolves when what Graph had to be asked because of it is answered. */
  learn(callId: string, news: News): Soon<void>
}
